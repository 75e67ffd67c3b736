import type { ChangeDefinition, PipelineDefinition } from '../contract/index.ts'
import { isSqlFailure } from '../sql/failure.ts'
import type { StateIdentities } from './state-identities.ts'
import { StoppedByRecord } from './stopped-by-record.ts'

type Within = (run: () => number) => Promise<number>

/** The statements of the script that change what is kept: each runs once in the life of a pipeline. */
export class ScriptStatements {
  readonly #definition: PipelineDefinition
  readonly #identities: StateIdentities
  readonly #changes: readonly ChangeDefinition[]

  constructor(definition: PipelineDefinition, identities: StateIdentities) {
    this.#definition = definition
    this.#identities = identities
    this.#changes = definition.changes.filter(({ table }) => !isCopy(definition, table))
  }

  /** Throws where those that have run are no more the first ones. */
  check(): void {
    this.#identities.statementsDone(this.#changes)
  }

  /** Runs those that have not run in any life of the pipeline; `within` runs one, `after` commits each. */
  async run(within: Within, after: () => Promise<void>): Promise<void> {
    const changes = this.#changes
    for (let done = this.#identities.statementsDone(changes); done < changes.length; done++) {
      await this.#runOne(changes[done]!, within)
      this.#identities.statementDone(changes, done + 1)
      await after()
    }
  }

  /** Runs those that fill copies, which are as they were before any of them. */
  async fillCopies(within: Within): Promise<void> {
    const changes = this.#definition.changes.filter(({ table }) => isCopy(this.#definition, table))
    for (const change of changes) await this.#runOne(change, within)
  }

  async #runOne({ statement, run }: ChangeDefinition, within: Within): Promise<void> {
    try {
      await within(run)
    } catch (error) {
      if (!isSqlFailure(error)) throw error
      const { script, sites } = this.#definition
      const site = sites[error.site]
      const where = site === undefined ? script : `${script}:${site.line}:${site.column}`
      throw new StoppedByRecord(`${where}: ${statement}: ${error.message} (${error.code})`)
    }
  }
}

function isCopy({ copies = [] }: PipelineDefinition, table: string): boolean {
  return copies.some(({ name }) => name === table)
}
