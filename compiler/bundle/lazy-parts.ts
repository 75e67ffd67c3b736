import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { constants, zstdCompressSync } from 'node:zlib'
import type { Plugin } from 'esbuild'
import { cached } from './build-cache.ts'
import { build } from './esbuild.ts'
import { mainOptions } from './javascript.ts'
import { addonPlugin } from './native-plugin.ts'
import type { AddonName } from './native-parts.ts'
import { packageRoot } from './package-root.ts'
import { type BundledPackage, bundledPackages } from './sbom/bundled-packages.ts'

/** Code that pipelines carry along and load when it is first needed, so that their start does not wait for it. */
export interface LazyPart {
  /** As it is called in the executable's payload and beside `pipeline.mjs`. */
  readonly name: string
  /** The file as it is loaded. */
  readonly path: string
  readonly compressed: Uint8Array
  readonly size: number
  readonly sha256: string
  readonly packages: readonly BundledPackage[]
}

const FACTS = 'facts.json'
/** Raise when the preparation below changes. */
const PREPARATION = 5
const ZSTD_LEVEL = 15
/** What the parts are made of. */
const folders = ['compiler', 'runtime', 'grammar']
const sources = /\.(ts|html|css)$/

/** What only pipelines carry that have its addon, too. */
const needs: Readonly<Record<string, AddonName>> = { 'lmdb.cjs': 'lmdb' }

/** A module for each: what it exports is the part. */
const entries: Readonly<Record<string, string>> = {
  // The compiler knows nothing of what runs its code: here they meet. The parameters are of `OpenAsker`.
  'ask.cjs': `
import { openStatements } from './compiler/ask/index.ts'
import { makeAsker } from './runtime/query/asker.ts'
export function openAsker(tables, system) {
  const types = new Map(Object.entries(system).map(([name, columns]) => [name, { columns }]))
  return makeAsker(openStatements(tables, types))
}
`,
  'watch.cjs': `export * from './runtime/watch/index.ts'\n`,
  'telemetry.cjs': `export * from './runtime/telemetry/index.ts'\n`,
  'lmdb.cjs': `export * from './runtime/lmdb/index.ts'\n`
}

/** The same for all pipelines: built once per state of miraclec's sources, a second of work, and then only read. */
export async function prepareLazyParts(addons: readonly AddonName[]): Promise<readonly LazyPart[]> {
  const key = describeSources()
  const names = Object.keys(entries).filter(name => {
    const addon = needs[name]
    return addon === undefined || addons.includes(addon)
  })
  return Promise.all(names.map(name => preparePart(name, key)))
}

async function preparePart(name: string, key: string): Promise<LazyPart> {
  const folder = await cached(`${name.split('.')[0]!}-${key}`, draft => writePart(name, draft))
  const facts = JSON.parse(await readFile(join(folder, FACTS), 'utf8')) as Pick<
    LazyPart,
    'size' | 'sha256' | 'packages'
  >
  return {
    name,
    path: join(folder, name),
    compressed: await readFile(join(folder, `${name}.zst`)),
    ...facts
  }
}

/**
 * Sizes and times of all sources: in an installed package they change with its version only. Asked one after the other: a promise for
 * each takes five times the CPU, and esbuild wants it.
 */
function describeSources(): string {
  const hash = createHash('sha256').update(`${process.version} ${PREPARATION}\n`)
  const found = folders.flatMap(listSources)
  for (const name of ['package.json', ...found.sort()]) {
    const { size, mtimeMs } = statSync(join(packageRoot, name))
    hash.update(`${name} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex').slice(0, 32)
}

/** Their paths from miraclec's folder. */
function listSources(folder: string): readonly string[] {
  return readdirSync(join(packageRoot, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return listSources(path)
    return sources.test(path) ? [path] : []
  })
}

async function writePart(name: string, draft: string): Promise<void> {
  const { outputFiles, metafile } = await build({
    ...mainOptions,
    stdin: {
      contents: entries[name]!,
      resolveDir: packageRoot,
      sourcefile: 'part.ts',
      loader: 'ts'
    },
    absWorkingDir: packageRoot,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node24',
    legalComments: 'none',
    logLevel: 'silent',
    outfile: name,
    sourcemap: false,
    minify: true,
    // What is asked for later is Node's own: `require` has it, and an import in a script makes Node warn.
    supported: { 'dynamic-import': false },
    loader: { '.html': 'text', '.css': 'text' },
    plugins: [pageScripts, addonPlugin],
    // Beside `pipeline.mjs` an addon is looked for where that is.
    define: { ...mainOptions.define, 'import.meta.dirname': '__folder' },
    banner: { js: '(function(require,__folder){const module={exports:{}};' },
    footer: { js: 'return module.exports})' }
  })
  const bytes = outputFiles[0]!.contents
  // It is loaded as ASCII. What esbuild does not escape are regular expressions.
  if (bytes.some(byte => byte > 127)) throw new Error(`${name} is not ASCII`)
  const compressed = zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL }
  })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await writeFile(join(draft, name), bytes)
  await writeFile(join(draft, `${name}.zst`), compressed)
  const packages = await bundledPackages(metafile)
  await writeFile(join(draft, FACTS), JSON.stringify({ size: bytes.length, sha256, packages }))
}

/** `import script from './main.ts?script'`: a script for browsers, bundled, as text. It is our own code, without packages. */
const pageScripts: Plugin = {
  name: 'page-scripts',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\?script$/ }, ({ path, resolveDir }) => ({
      path: join(resolveDir, path.slice(0, -'?script'.length)),
      namespace: 'page'
    }))
    onLoad({ filter: /.*/, namespace: 'page' }, async ({ path }) => {
      const { outputFiles } = await build({
        entryPoints: [path],
        bundle: true,
        write: false,
        minify: true,
        format: 'iife',
        target: 'es2022',
        charset: 'ascii',
        legalComments: 'none',
        logLevel: 'silent'
      })
      return { contents: outputFiles[0]!.text, loader: 'text' }
    })
  }
}
