import { createHash } from 'node:crypto'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { constants, zstdCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { cached } from './build-cache.ts'
import { mainOptions } from './javascript.ts'
import { packageRoot } from './package-root.ts'

/** What answers statements on a running pipeline: the compiler of statements, and what runs them. */
export interface AskPart {
  /** The file as it is loaded. */
  readonly path: string
  readonly compressed: Uint8Array
  readonly size: number
  readonly sha256: string
}

const FILE = 'ask.cjs'
const COMPRESSED = 'ask.cjs.zst'
const FACTS = 'ask.json'
/** Raise when the preparation below changes. */
const PREPARATION = 1
const ZSTD_LEVEL = 15
/** What the part is made of. */
const folders = ['compiler', 'runtime', 'grammar']

/** The compiler knows nothing of what runs its code: here they meet. The parameters are of `OpenAsker`. */
const entry = `
import { openStatements } from './compiler/ask/index.ts'
import { makeAsker } from './runtime/query/asker.ts'
export function openAsker(tables, system) {
  const types = new Map(Object.entries(system).map(([name, columns]) => [name, { columns }]))
  return makeAsker(openStatements(tables, types).compile)
}
`

/** The same for all pipelines: built once per state of miraclec's sources, a second of work, and then only read. */
export async function prepareAskPart(): Promise<AskPart> {
  const folder = await cached(`ask-${await describeSources()}`, prepare)
  const facts = JSON.parse(await readFile(join(folder, FACTS), 'utf8')) as Pick<
    AskPart,
    'size' | 'sha256'
  >
  return {
    path: join(folder, FILE),
    compressed: await readFile(join(folder, COMPRESSED)),
    ...facts
  }
}

/** Sizes and times of all sources: in an installed package they change with its version only. */
async function describeSources(): Promise<string> {
  const hash = createHash('sha256').update(`${process.version} ${PREPARATION}\n`)
  const lists = await Promise.all(
    folders.map(async folder => {
      const names = await readdir(join(packageRoot, folder), { recursive: true })
      return names.filter(name => name.endsWith('.ts')).map(name => join(folder, name))
    })
  )
  const names = ['package.json', ...lists.flat().sort()]
  const stats = await Promise.all(names.map(name => stat(join(packageRoot, name))))
  names.forEach((name, i) => hash.update(`${name} ${stats[i]!.size} ${stats[i]!.mtimeMs}\n`))
  return hash.digest('hex').slice(0, 32)
}

async function prepare(draft: string): Promise<void> {
  const { outputFiles } = await build({
    ...mainOptions,
    stdin: { contents: entry, resolveDir: packageRoot, sourcefile: 'ask.ts', loader: 'ts' },
    absWorkingDir: packageRoot,
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    legalComments: 'none',
    logLevel: 'silent',
    outfile: FILE,
    sourcemap: false,
    minify: true,
    footer: { js: 'return module.exports})' }
  })
  const bytes = outputFiles[0]!.contents
  const compressed = zstdCompressSync(bytes, {
    params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL }
  })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await writeFile(join(draft, FILE), bytes)
  await writeFile(join(draft, COMPRESSED), compressed)
  await writeFile(join(draft, FACTS), JSON.stringify({ size: bytes.length, sha256 }))
}
