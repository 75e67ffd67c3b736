import type {
  ChangeDefinition,
  PipelineDefinition,
  StateChange,
  TableDefinition
} from '../contract/index.ts'
import { isSqlFailure } from '../sql/failure.ts'
import { TableState } from '../state/index.ts'
import { StoppedByRecord } from './stopped-by-record.ts'

/** What the pipeline itself remembers, beside its tables: facts by name. */
const FACTS: TableDefinition = Object.freeze({
  name: '',
  columns: [
    { name: 'fact', type: 'TEXT' },
    { name: 'value', type: 'BIGINT' }
  ],
  key: [0],
  indexes: [],
  line: 0
})
/** The fact of how many of the script's statements have run. */
const STATEMENTS = 'statements'

/** The tables of a pipeline, with what changed in them since the last commit. */
export class PipelineTables {
  readonly #definition: PipelineDefinition
  readonly #tables: ReadonlyMap<string, TableState>
  readonly #facts = new TableState(FACTS)
  /** Taken for a commit that has not succeeded yet. */
  #pending: StateChange[] = []

  constructor(definition: PipelineDefinition) {
    this.#definition = definition
    this.#tables = new Map(definition.tables.map(table => [table.name, new TableState(table)]))
  }

  /** Whether there is anything to keep. */
  get isEmpty(): boolean {
    return this.#tables.size === 0
  }

  get(name: string): TableState {
    return this.#tables.get(name)!
  }

  restore({ table, key, row }: StateChange): void {
    const state = table === FACTS.name ? this.#facts : this.#tables.get(table)
    state?.restore(key, row)
  }

  /** Changes to commit, those of commits that failed first; `committed` forgets them. */
  changes(): readonly StateChange[] {
    this.#pending.push(...this.#facts.takeChanges())
    for (const table of this.#tables.values()) this.#pending.push(...table.takeChanges())
    return this.#pending
  }

  committed(): void {
    this.#pending = []
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
