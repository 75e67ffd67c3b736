import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const PAGE = 4096
/** Where a meta page has its contents: behind the header of pages. */
const HEADERS = [16, 24]
const MAGIC = 0xbeefc0de
/** Behind the magic: version, address, size of the map, two trees of 48 bytes each. */
const LAST_PAGE = 120

/**
 * Why a file can't be what LMDB wrote; null: nothing speaks against it. LMDB maps its file and believes what it finds there: a page
 * that is missing would end the process by a signal.
 */
export function fileDamage(path: string): string | null {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : (error as Error).message
  }
  try {
    const { size } = fstatSync(file)
    if (size === 0) return null
    const lastPages = [0, PAGE].map(start => lastPageOf(file, start))
    if (lastPages.includes(null)) return 'its first pages are not those of LMDB'
    const needed = (Math.max(...(lastPages as number[])) + 1) * PAGE
    return size < needed ? `it has ${size} bytes of ${needed}` : null
  } finally {
    closeSync(file)
  }
}

function lastPageOf(file: number, start: number): number | null {
  const page = Buffer.alloc(PAGE)
  if (readSync(file, page, 0, PAGE, start) < PAGE) return null
  const header = HEADERS.find(bytes => page.readUInt32LE(bytes) === MAGIC)
  return header === undefined ? null : Number(page.readBigUInt64LE(header + LAST_PAGE))
}
