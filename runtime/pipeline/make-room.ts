import type { Clock } from '../contract/index.ts'
import type { MemoryGuard } from '../memory/index.ts'
import type { Logger } from '../observe/log.ts'

/** How long what is written may take to leave memory, in ms: clients free it by and by. */
const PATIENCE = 3000
const LOOK_AGAIN = 300

export interface RoomHost {
  readonly log: Logger
  readonly clock: Clock
  /** What was read is written and committed, and states that are kept elsewhere have fewer rows in memory than before. */
  settle(): Promise<void>
  isOver(): boolean
}

/** Resolves when there is room for another batch, or the pipeline ends; rejects where what is held leaves none. */
export async function makeRoom(guard: MemoryGuard, host: RoomHost): Promise<void> {
  const { clock, log } = host
  const { used, limit } = guard.snapshot()
  log.limited('warn', 'reading waits: memory is scarce', { used, limit })
  await host.settle()
  for (const deadline = clock.elapsed() + PATIENCE; guard.isScarce && !host.isOver();) {
    if (guard.collect()) return
    if (clock.elapsed() >= deadline) throw guard.exhausted()
    await clock.sleep(LOOK_AGAIN)
    // States give up more of what they have in memory each time.
    await host.settle()
  }
}
