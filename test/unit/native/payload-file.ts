import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { zstdCompressSync } from 'node:zlib'

/** Writes what the end of an executable looks like, after some bytes that stand for `node`. */
export function writePayloadFile(path: string, files: Readonly<Record<string, string>>): void {
  const chunks = [Buffer.from('stands for node')]
  const entries: Record<string, unknown> = {}
  for (const [name, content] of Object.entries(files)) {
    const offset = Buffer.concat(chunks).length
    const stored = zstdCompressSync(content)
    const sha256 = createHash('sha256').update(content).digest('hex')
    entries[name] = { offset, stored: stored.length, size: content.length, zstd: true, sha256 }
    chunks.push(stored)
  }
  const index = Buffer.from(JSON.stringify(entries))
  const footer = Buffer.alloc(16)
  footer.writeBigUInt64LE(BigInt(index.length))
  footer.write('mirclec1', 8, 'latin1')
  writeFileSync(path, Buffer.concat([...chunks, index, footer]))
}
