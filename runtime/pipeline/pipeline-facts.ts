import { randomUUID } from 'node:crypto'
import type { TableDefinition } from '../contract/index.ts'
import { TableState } from '../state/index.ts'

const FACTS: TableDefinition = Object.freeze({
  name: '',
  columns: [
    { name: 'fact', type: 'TEXT', nullable: false },
    { name: 'value', type: 'JSON', nullable: true }
  ],
  key: [0],
  indexes: [],
  sources: [],
  changed: () => {},
  sql: '',
  line: 0
})
/** The fact that tells this state from one on another cluster. */
const IDENTITY = 'identity'

/** Values by their names. Undefined: there is none. */
export interface Facts {
  get(name: string): unknown
  set(name: string, value: unknown): void
}

/** What the pipeline itself remembers, beside its tables, and commits as they are. */
export class PipelineFacts implements Facts {
  readonly state = new TableState(FACTS)

  get(name: string): unknown {
    return this.state.get(name)?.[1]
  }

  set(name: string, value: unknown): void {
    this.state.set(name, [name, value])
  }

  /** Null: what is kept has none yet. */
  get identity(): string | null {
    return (this.get(IDENTITY) as string | undefined) ?? null
  }

  /** What is kept has an identity from now on. */
  identify(): string {
    const known = this.identity ?? randomUUID()
    if (this.identity === null) this.set(IDENTITY, known)
    return known
  }
}
