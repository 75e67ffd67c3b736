import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { chmod, copyFile, open, readFile, rename, rm } from 'node:fs/promises'
import { prepareBase } from './base.ts'
import type { BundleInput } from './bundle-input.ts'
import { compileCache } from './code-cache.ts'
import type { BundledScript } from './javascript.ts'
import type { LazyPart } from './lazy-parts.ts'
import { prepareNative, type AddonName } from './native-parts.ts'

/** As `runtime/native/payload.ts` reads it. */
const MAGIC = 'mirclec1'
/** As it is called in the payload, and beside it: the ending tells readers what it is. */
export const SBOM = 'sbom.cdx.json'

/** What goes into an executable beside its native parts and models. */
export interface Content extends BundledScript {
  readonly parts: readonly LazyPart[]
  readonly sbom: string
}

interface Entry {
  readonly offset: number
  readonly stored: number
  readonly size: number
  readonly zstd: boolean
  readonly sha256: string
}
interface Part extends Omit<Entry, 'offset' | 'stored'> {
  readonly name: string
  readonly bytes: Uint8Array
}

/** Copies the prepared `node` and appends code, native parts and models: no time stamps, fixed order. */
export async function writeExecutable(
  path: string,
  input: BundleInput,
  content: Content,
  addons: readonly AddonName[]
): Promise<void> {
  const draft = `${path}.${process.pid}`
  try {
    // A running executable can't be written to, but it can be replaced.
    await copyFile(await prepareBase(), draft, constants.COPYFILE_FICLONE)
    await chmod(draft, 0o755)
    await appendPayload(draft, await collectParts(input, content, addons))
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}

async function appendPayload(path: string, parts: readonly Part[]): Promise<void> {
  const file = await open(path, 'a')
  try {
    const entries: Record<string, Entry> = {}
    let offset = (await file.stat()).size
    for (const { name, bytes, ...rest } of parts) {
      await file.writeFile(bytes)
      entries[name] = { offset, stored: bytes.length, ...rest }
      offset += bytes.length
    }
    const index = Buffer.from(JSON.stringify(entries))
    const footer = Buffer.alloc(16)
    footer.writeBigUInt64LE(BigInt(index.length))
    footer.write(MAGIC, 8, 'latin1')
    await file.writeFile(Buffer.concat([index, footer]))
  } finally {
    await file.close()
  }
}

async function collectParts(
  input: BundleInput,
  { main, mainMap, startCode, parts: lazy, sbom }: Content,
  addons: readonly AddonName[]
): Promise<readonly Part[]> {
  const parts: Part[] = [
    plainPart('main.cjs', main),
    plainPart('main.cache', compileCache(main, startCode)),
    plainPart('main.cjs.map', mainMap),
    plainPart(SBOM, Buffer.from(sbom))
  ]
  for (const { name, compressed: bytes, size, sha256 } of lazy) {
    parts.push({ name, bytes, size, zstd: true, sha256 })
  }
  for (const { sha256, path } of input.models) {
    parts.push(plainPart(`models/${sha256}.onnx`, await readFile(path)))
  }
  for (const addon of addons) {
    for (const { name, compressed, size, sha256 } of (await prepareNative(addon)).files) {
      const bytes = await readFile(compressed)
      parts.push({ name: `native/${addon}/${name}`, bytes, size, zstd: true, sha256 })
    }
  }
  return parts
}

function plainPart(name: string, bytes: Uint8Array): Part {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { name, bytes, size: bytes.length, zstd: false, sha256 }
}
