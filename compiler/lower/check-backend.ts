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
  const forgets = 'is forgotten by how long ago it was told, which is known in memory only'
  switch (stage.kind) {
    case 'Over':
      return ['what OVER looks back on', 'is a list of rows that each new one goes along']
    case 'Join':
      if (stage.asOf !== null) return ['what was valid when', 'is searched by time']
      return (stage.left.ttl ?? stage.right.ttl) === null
        ? null
        : ['a join with SET state_ttl', forgets]
    case 'Aggregate':
      if (stage.session !== null) return ['a SESSION', 'grows and merges with others by time']
      return stage.ttl === null ? null : ['a GROUP BY with SET state_ttl', forgets]
    case 'TopN':
      return null
  }
}
