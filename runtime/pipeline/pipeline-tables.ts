import { randomUUID } from 'node:crypto'
import type {
  ChangeDefinition,
  PipelineDefinition,
  StateChange,
  StateConnection,
  TableDefinition
} from '../contract/index.ts'
import type { Logger } from '../observe/log.ts'
import { isSqlFailure } from '../sql/failure.ts'
import { TableState } from '../state/index.ts'
import { Checkpoints } from './checkpoints.ts'
import { StoppedByRecord } from './stopped-by-record.ts'

/** What the pipeline itself remembers, beside its tables: facts by name. */
const FACTS: TableDefinition = Object.freeze({
  name: '',
  columns: [
    { name: 'fact', type: 'TEXT', nullable: false },
    { name: 'value', type: 'JSON', nullable: true }
  ],
  key: [0],
  indexes: [],
  changed: () => {},
  sql: '',
  line: 0
})
/** The fact that tells this state from one on another cluster. */
const IDENTITY = 'identity'
/** The fact of how many of the script's statements have run. */
const STATEMENTS = 'statements'

/** The tables of a pipeline, with what changed in them since the last commit. */
export class PipelineTables {
  readonly #definition: PipelineDefinition
  readonly #tables: ReadonlyMap<string, TableState>
  readonly #facts = new TableState(FACTS)
  /** Taken for a commit that has not succeeded yet. */
  #pending: StateChange[] = []

  constructor(definition: PipelineDefinition, folder: string | null, log: Logger) {
    this.#definition = definition
    this.#tables = new Map(definition.tables.map(table => [table.name, new TableState(table)]))
    const tables = [...this.#tables.values()]
    this.#checkpoints =
      folder === null || tables.length === 0 ? null : new Checkpoints(folder, tables, log)
  }

  /** Whether there is anything to keep. */
  get isEmpty(): boolean {
    return this.#tables.size === 0
  }

  get(name: string): TableState {
    return this.#tables.get(name)!
  }

  /** What is kept on the local disk: null where the pipeline has no folder. */
  readonly #checkpoints: Checkpoints | null

  /** Tables are as they were at the last commit: from their checkpoints, and from what the changelogs have behind them. */
  async restore(state: StateConnection): Promise<void> {
    await state.restore(FACTS.name, 0, ({ key, row }) => this.#facts.restore(key, row))
    this.#checkpoints?.clean()
    const known = this.#identity()
    const offsets = (known === null ? null : this.#checkpoints?.restore(known)) ?? new Map()
    for (const [name, table] of this.#tables) {
      const offset = (offsets.get(name) as number | undefined) ?? 0
      await state.restore(name, offset, ({ key, row }) => table.restore(key, row))
    }
    if (known === null) this.#facts.set(IDENTITY, [IDENTITY, randomUUID()])
  }

  #identity(): string | null {
    return (this.#facts.get(IDENTITY)?.[1] as string | undefined) ?? null
  }

  /** Changes to commit, those of commits that failed first; `committed` forgets them. */
  changes(): readonly StateChange[] {
    this.#pending.push(...this.#facts.takeChanges())
    for (const table of this.#tables.values()) this.#pending.push(...table.takeChanges())
    return this.#pending
  }

  async committed(now: number, state: StateConnection): Promise<void> {
    this.#pending = []
    await this.#checkpoints?.committed(now, this.#identity()!, () => state.ends())
  }

  /** Everything is committed: a restart finds it at once. */
  async close(state: StateConnection): Promise<void> {
    if (this.#checkpoints === null || this.#pending.length > 0) return
    await this.#checkpoints.last(this.#identity()!, await state.ends())
  }

  /** Runs the statements of the script that have not run in any life of the pipeline; `after` commits each. */
  async runStatements(after: () => Promise<void>): Promise<void> {
    const { changes } = this.#definition
    for (let done = this.#statementsDone(); done < changes.length; done++) {
      this.#runStatement(changes[done]!)
      this.#facts.set(STATEMENTS, [STATEMENTS, done + 1])
      await after()
    }
  }

  #statementsDone(): number {
    return (this.#facts.get(STATEMENTS)?.[1] as number | undefined) ?? 0
  }

  #runStatement({ statement, run }: ChangeDefinition): void {
    try {
      run()
    } catch (error) {
      if (!isSqlFailure(error)) throw error
      const { script, sites } = this.#definition
      const site = sites[error.site]
      const where = site === undefined ? script : `${script}:${site.line}:${site.column}`
      throw new StoppedByRecord(`${where}: ${statement}: ${error.message} (${error.code})`)
    }
  }
}
