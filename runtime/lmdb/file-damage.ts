import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'

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
    const needed = bytesNeeded(file)
    if (needed === null) return 'its first pages are not those of LMDB'
    return size < needed ? `it has ${size} bytes of ${needed}` : null
  } finally {
    closeSync(file)
  }
}

/**
 * Makes a file as long as LMDB says that it is: the last pages that a transaction takes are never written where it gives them back
 * again. `within` runs what changes the file where nobody else writes it.
 */
export function lengthenFile(path: string, within: (lengthen: () => void) => void): void {
  const file = openSync(path, 'r+')
  const missing = (): boolean => fstatSync(file).size < (bytesNeeded(file) ?? 0)
  try {
    if (!missing()) return
    within(() => {
      if (missing()) ftruncateSync(file, bytesNeeded(file)!)
    })
  } finally {
    closeSync(file)
  }
}

/** Null: it is none of LMDB's. */
function bytesNeeded(file: number): number | null {
  const lastPages = [0, PAGE].map(start => lastPageOf(file, start))
  if (lastPages.includes(null)) return null
  return (Math.max(...(lastPages as number[])) + 1) * PAGE
}

function lastPageOf(file: number, start: number): number | null {
  const page = Buffer.alloc(PAGE)
  if (readSync(file, page, 0, PAGE, start) < PAGE) return null
  const header = HEADERS.find(bytes => page.readUInt32LE(bytes) === MAGIC)
  return header === undefined ? null : Number(page.readBigUInt64LE(header + LAST_PAGE))
}
