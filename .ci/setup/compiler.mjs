import { randomBytes } from 'node:crypto'
import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundles, describeSource, freshBundle, root } from '../../compiler/fresh-bundle.mjs'

/** Old bundles that stay: commands are loaded when they are called, and a process may have started with one of these. */
const KEPT = 3

/** Bundles the compiler from its sources, so that it starts in half the time. It works without: a failure is no reason to stop. */
export async function bundleCompiler() {
  if (freshBundle() !== null) return
  try {
    await writeBundle()
  } catch (error) {
    console.warn(`setup: the compiler starts from its sources: ${error.message}`)
  }
}

async function writeBundle() {
  const { build } = await import('esbuild')
  const name = randomBytes(6).toString('hex')
  // Before they are read: a source that changes meanwhile makes the bundle stale, not wrong.
  const started = Date.now()
  const { metafile } = await build({
    entryPoints: [join(root, 'compiler/cli.ts')],
    outdir: join(bundles, name),
    outExtension: { '.js': '.mjs' },
    absWorkingDir: root,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    packages: 'external',
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [keepFiles]
  })
  const sources = Object.keys(metafile.inputs)
  if (sources.some(path => statSync(join(root, path)).mtimeMs >= started)) {
    rmSync(join(bundles, name), { recursive: true })
    return
  }
  const manifest = {
    main: `${name}/cli.mjs`,
    sources: Object.fromEntries(sources.map(path => [path, describeSource(path)]))
  }
  const draft = join(bundles, `${name}.json`)
  writeFileSync(draft, JSON.stringify(manifest))
  renameSync(draft, join(bundles, 'manifest.json'))
  removeOld()
}

/** The runtime is loaded from its files: generated code that is imported beside it must find the same modules. */
const keepFiles = {
  name: 'keep-files',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /runtime|verify/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === keepFiles) return undefined
      const found = await resolve(path, { ...from, pluginData: keepFiles })
      const kept = ['runtime', 'compiler/verify'].some(folder =>
        found.path.startsWith(join(root, folder, '/'))
      )
      return kept ? { path: found.path, external: true } : found
    })
  }
}

function removeOld() {
  const old = readdirSync(bundles, { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(({ name }) => join(bundles, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
    .slice(KEPT)
  for (const folder of old) rmSync(folder, { recursive: true, force: true })
}
