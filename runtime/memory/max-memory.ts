import { readMemorySize, showMemorySize } from './memory-size.ts'

export const MAX_MEMORY = '--max-memory'

/** Node, the pipeline's code, the clients of Kafka and a little to work with. */
const LEAST = 128 << 20

/** What each of the processes may use; null: as much as there is. A text: what is wrong. */
export function readMaxMemory(text: string | null, workers: number): number | null | string {
  if (text === null) return null
  const bytes = readMemorySize(text)
  if (bytes === null) return `${MAX_MEMORY} is a size as 256MB or 1.5GB, not "${text}"`
  const share = Math.floor(bytes / workers)
  if (share >= LEAST) return share
  const least = showMemorySize(LEAST * workers)
  const processes = workers === 1 ? '' : ` for ${workers} processes`
  return `${MAX_MEMORY} is at least ${least}${processes}, not "${text}"`
}

/** The same for a process whose share is known. */
export function memoryFlag(share: number): string {
  return `${MAX_MEMORY}=${share / 2 ** 10}KB`
}
