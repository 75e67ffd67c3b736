import { isSea } from 'node:sea'

type Environment = Readonly<Record<string, string | undefined>>

/** Says that the process has begun anew already. */
const LIMITED = 'MIRACLEC_LIMITED'
const MEGABYTE = 2 ** 20
/** Beside V8's heap: Node itself, what the clients of Kafka hold, buffers. */
const BESIDE_HEAP = 160 * MEGABYTE
const MOST_SEMI_SPACE = 16

/**
 * V8 takes the limit of its heap, and the C library how it gives memory back, only at the start of a process: so it becomes itself once
 * more, under the same number. Returns where that has been done, or somebody has said otherwise in NODE_OPTIONS, or has a channel to
 * this process, which would be lost.
 */
export function limitHeap(limit: number, environment: Environment): void {
  const { NODE_OPTIONS = '', [LIMITED]: limited } = environment
  if (limited !== undefined || process.connected || process.execve === undefined) return
  if (/--max[-_](old|semi)/.test(NODE_OPTIONS)) return
  const heap = Math.floor(Math.max(limit / 2, limit - BESIDE_HEAP) / MEGABYTE)
  const semiSpace = Math.min(MOST_SEMI_SPACE, Math.max(1, Math.floor(limit / MEGABYTE / 64)))
  const options = `${NODE_OPTIONS} --max-old-space-size=${heap} --max-semi-space-size=${semiSpace}`
  const main = isSea() ? [] : [...process.execArgv, process.argv[1]!]
  const env = {
    ...MALLOC,
    ...environment,
    NODE_OPTIONS: options.trim(),
    [LIMITED]: String(limit)
  }
  // By this link the file is found also where it was replaced meanwhile.
  process.execve('/proc/self/exe', [process.argv0, ...main, ...process.argv.slice(2)], env)
}

/** Buffers go back to the system when they are freed; by itself the C library would keep those of the size of the last ones. */
const MALLOC = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072'
}
