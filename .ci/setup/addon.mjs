import { spawnSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { MODULES, NODE, ROOT, SetupError, runStep } from './shell.mjs'

const PACKAGE = '@confluentinc/kafka-javascript'
const FILES = [
  'Release/confluent-kafka-javascript.node',
  'deps/librdkafka.so.1',
  'deps/librdkafka++.so.1'
]

export function isAddonBuilt() {
  return FILES.every(file => existsSync(join(MODULES, PACKAGE, 'build', file)))
}

/**
 * Builds librdkafka and its addon from the sources in the npm package, against the headers in Node 24's npm package.
 * No JOBS: the addon's own rules only work one after the other. CKJS_LINKING=dynamic takes zstd,
 * OpenSSL and zlib from the system; the default would download them.
 */
export async function buildAddon() {
  const nodeFolder = join(dirname(realpathSync(NODE)), '..')
  const cores = String(availableParallelism ? availableParallelism() : cpus().length)
  const env = {
    ...process.env,
    CKJS_LINKING: 'dynamic',
    npm_config_nodedir: nodeFolder,
    MIRACLEC_CORES: cores,
    MAKEFILES: join(ROOT, '.ci/setup/librdkafka.mk')
  }
  // `npm explore` runs in the package's folder and tells node-pre-gyp where npm keeps its node-gyp.
  const build = [NODE, join(MODULES, '.bin/node-pre-gyp'), 'install', '--build-from-source']
  const command = ['explore', PACKAGE, '--', ...build.map(quote)]
  await runStep('build librdkafka (about 80 s)', 'npm', command, { cwd: ROOT, env })
  checkAddon()
}

function checkAddon() {
  const load = `require('${PACKAGE}/lib/rdkafka.js')`
  const { status, stderr } = spawnSync(NODE, ['-e', load], { cwd: ROOT, encoding: 'utf8' })
  if (!isAddonBuilt() || status !== 0)
    throw new SetupError(`librdkafka was built but does not load:\n${stderr}`)
}

/** `npm explore` joins its arguments to a shell command. */
function quote(argument) {
  return `'${argument.replaceAll("'", `'\\''`)}'`
}
