import { MAX_MEMORY, memoryFlag } from '../memory/index.ts'
import { accessFlags, NO_TLS } from './access-flags.ts'

export const WORKERS = '--workers'
const MOST_WORKERS = 64

/** How many processes share the work, or what is wrong. */
export function readWorkers(text: string | null): number | string {
  const workers = Number(text ?? 1)
  return Number.isInteger(workers) && workers >= 1 && workers <= MOST_WORKERS
    ? workers
    : `${WORKERS} is a whole number from 1 to ${MOST_WORKERS}, not "${text}"`
}

/**
 * The command line of the other processes: nobody asks them anything but the first one. `maxMemory`: what each of them may use; null:
 * nobody said.
 */
export function workerWords(words: readonly string[], maxMemory: number | null): readonly string[] {
  const own = [WORKERS, MAX_MEMORY, ...accessFlags]
  const switches = [NO_TLS, '--sample-records']
  const left: string[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (own.includes(word)) i++
    else if (!switches.includes(word) && !own.some(flag => word.startsWith(`${flag}=`)))
      left.push(word)
  }
  return maxMemory === null ? left : [...left, memoryFlag(maxMemory)]
}
