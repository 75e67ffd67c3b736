// Everything between `git clone` and a running toolchain. Runs on the machine's own Node (18 or newer), needs no package,
// does only what is missing, and costs some 10 ms when nothing is. `--kafka` adds the broker that benchmarks
// start, `--tests` that and what else tests run.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildAddon, isAddonBuilt } from './setup/addon.mjs'
import { bundleCompiler } from './setup/compiler.mjs'
import { installDebianPackages, installTestPackages } from './setup/debian.mjs'
import { fetchKafka, fetchRegistry } from './setup/maven.mjs'
import { installPackages, isInstalled, linkCompiler } from './setup/packages.mjs'
import { MODULES, NODE, ROOT, SetupError } from './setup/shell.mjs'

const stamp = join(MODULES, '.cache/setup-stamp')

/** The lock file pins Node 24 and every package; the rest is what a copied folder could differ in. */
function currentKey() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'))
  return createHash('sha256')
    .update(lock)
    .update(`${ROOT} ${process.platform} ${process.arch}`)
    .digest('hex')
}

function isReady(key) {
  return (
    existsSync(stamp) && readFileSync(stamp, 'utf8') === key && existsSync(NODE) && isAddonBuilt()
  )
}

async function setUp() {
  if (process.platform !== 'linux')
    throw new SetupError(`miraclec runs on Linux, not on ${process.platform}`)
  const key = currentKey()
  if (!isReady(key)) {
    if (!isInstalled()) await installPackages()
    if (!isAddonBuilt()) {
      await installDebianPackages()
      await buildAddon()
    }
    linkCompiler()
    mkdirSync(join(MODULES, '.cache'), { recursive: true })
    writeFileSync(stamp, key)
  }
  await bundleCompiler()
  const has = flag => process.argv.includes(flag)
  if (has('--kafka') || has('--tests')) await fetchKafka()
  if (has('--tests')) {
    await fetchRegistry()
    await installTestPackages()
  }
}

try {
  await setUp()
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(`\nsetup: ${error.message}\n`)
  process.exitCode = 1
}
