import { createHash } from 'node:crypto'
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { constants, zstdCompressSync } from 'node:zlib'
import { BundleError } from './bundle-error.ts'
import { cached } from './build-cache.ts'
import { mendLmdb } from './mend-lmdb.ts'
import { packageRoot, requireFromRoot } from './package-root.ts'
import { strip } from './strip.ts'

export type AddonName = 'kafka' | 'onnx' | 'lmdb'

export interface NativeParts {
  /** The files as they are loaded. */
  readonly folder: string
  /** The same files compressed, in the order of their names. */
  readonly files: readonly NativeFile[]
}

export interface NativeFile {
  /** Relative to the addon's folder: the addon finds its libraries by this layout. */
  readonly name: string
  /** Path of the compressed file. */
  readonly compressed: string
  readonly stored: number
  readonly size: number
  readonly sha256: string
}

/** Raise when the preparation below changes: old preparations are then not used any more. */
const PREPARATION = 2
/** Compressed once per machine: a slower level would only save what a copy on disk costs. */
const ZSTD_LEVEL = 9
const ADVICE = `run npm run build in ${packageRoot}`

/** The package that each comes from. */
const packages: Readonly<Record<AddonName, string>> = {
  kafka: '@confluentinc/kafka-javascript',
  onnx: 'onnxruntime-node',
  lmdb: `@lmdb/lmdb-${process.platform}-${process.arch}`
}

interface AddonFiles {
  /** In its package. */
  readonly root: string
  readonly names: readonly string[]
  /** Files of ours that the addon must have been built with; set-up has left copies of them beside it. */
  readonly builtWith: readonly string[]
  /** Changes the bytes of the addon where its package has a fault. */
  readonly mend?: (bytes: Buffer) => void
}

const sources: Readonly<Record<AddonName, AddonFiles>> = {
  kafka: {
    root: 'build',
    names: [
      'Release/confluent-kafka-javascript.node',
      'deps/librdkafka++.so.1',
      'deps/librdkafka.so.1'
    ],
    builtWith: ['batches.h', 'letters.h']
  },
  onnx: {
    root: join('bin/napi-v6', process.platform, process.arch),
    names: ['libonnxruntime.so.1', 'onnxruntime_binding.node'],
    builtWith: []
  },
  lmdb: {
    root: '.',
    // Of the builds in the package the one that any Node can load.
    names: ['node.napi.glibc.node'],
    builtWith: [],
    mend: mendLmdb
  }
}

/** Strips and compresses an addon and its libraries, once per build of them. */
export async function prepareNative(addon: AddonName): Promise<NativeParts> {
  const { names, builtWith, mend, ...place } = sources[addon]
  const root = join(packageFolder(addon), place.root)
  for (const file of builtWith) {
    await requireBuiltWith(join(packageRoot, '.ci/setup', file), join(root, file))
  }
  const key = await describeFiles(root, names)
  const folder = await cached(`${addon}-${key}`, draft => prepare(root, names, draft, mend))
  const list = await readFile(join(folder, 'files.json'), 'utf8')
  const files = (JSON.parse(list) as Omit<NativeFile, 'compressed'>[]).map(file => ({
    ...file,
    compressed: join(folder, 'compressed', file.name)
  }))
  return { folder: join(folder, 'files'), files }
}

export function packageFolder(addon: AddonName): string {
  return dirname(requireFromRoot.resolve(`${packages[addon]}/package.json`))
}

/** An addon without our methods would only fail where the pipeline runs. */
async function requireBuiltWith(source: string, copy: string): Promise<void> {
  const [wanted, found] = await Promise.all([readFile(source), readFile(copy).catch(() => null)])
  if (found?.equals(wanted) === true) return
  throw new BundleError(`librdkafka's addon is another than this miraclec needs: ${ADVICE}`)
}

async function describeFiles(root: string, names: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(String(PREPARATION))
  for (const name of names) {
    const path = join(root, name)
    const { size, mtimeMs } = await stat(path).catch(() => {
      throw new BundleError(`${path} is missing: ${ADVICE}`)
    })
    hash.update(`${path} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex').slice(0, 32)
}

async function prepare(
  root: string,
  names: readonly string[],
  draft: string,
  mend: AddonFiles['mend']
): Promise<void> {
  const list: Omit<NativeFile, 'compressed'>[] = []
  for (const name of names) {
    const file = join(draft, 'files', name)
    const compressed = join(draft, 'compressed', name)
    await mkdir(dirname(file), { recursive: true })
    await mkdir(dirname(compressed), { recursive: true })
    await cp(join(root, name), file)
    await strip(file)
    const bytes = await readFile(file)
    if (mend !== undefined) {
      mend(bytes)
      await writeFile(file, bytes)
    }
    const stored = zstdCompressSync(bytes, {
      params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL }
    })
    await writeFile(compressed, stored)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    list.push({ name, stored: stored.length, size: bytes.length, sha256 })
  }
  await writeFile(join(draft, 'files.json'), JSON.stringify(list))
}
