import { stateStaysInMemory } from '../diagnostics/state-backend.ts'
import type { Program, Stage } from '../ir/index.ts'
import type { Session } from '../session.ts'

/** With SET state = 'lmdb' nothing is silently kept in memory all the same. */
export function checkBackend({ script, stages }: Program, session: Session): void {
  if (script.settings.state === 'memory') return
  for (const stage of stages) {
    const found = inMemory(stage)
    if (found !== null) session.diagnostics.push(stateStaysInMemory(...found, stage.span))
  }
}

/** What can't be on the disk, and why; null: all of it can. */
function inMemory(stage: Stage): readonly [what: string, reason: string] | null {
  switch (stage.kind) {
    case 'Over':
      return ['what OVER looks back on', 'is a list of rows that each new one goes along']
    case 'Join':
      return stage.asOf === null ? null : ['what was valid when', 'is searched by time']
    case 'Aggregate':
    case 'TopN':
      return null
  }
}
