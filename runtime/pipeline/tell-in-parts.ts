import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../contract/index.ts'
import { done, waiting } from '../observe/doing.ts'

/**
 * Tells rows part by part, so that others get a turn between two of them. `send`: what a part has written leaves before the next one is
 * told. Answers how many ms it told.
 */
export async function tellInParts(
  parts: Iterable<void>,
  clock: Clock,
  send: () => Promise<unknown>
): Promise<number> {
  let telling = 0
  let start = clock.elapsed()
  for (const part of parts) {
    void part
    telling += clock.elapsed() - start
    await waiting(send().then(() => setImmediate()))
    start = clock.elapsed()
  }
  done()
  return telling + clock.elapsed() - start
}
