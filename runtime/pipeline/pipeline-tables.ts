import type {
  KeyedState,
  PipelineDefinition,
  StateChange,
  TransactionConnection
} from '../contract/index.ts'
import type { MemoryGuard } from '../memory/index.ts'
import type { RecordSamples } from '../observe/record-samples.ts'
import type { StateSnapshot } from '../observe/snapshot.ts'
import { TableState } from '../state/index.ts'
import { KeptTimes } from './kept-times.ts'
import { type LocalOptions, LocalStates } from './local-states.ts'
import { PipelineFacts } from './pipeline-facts.ts'
import { refuseHalfReset } from './reset-state.ts'
import { restoreStates } from './restore-states.ts'
import { ScriptStatements } from './script-statements.ts'
import { StateIdentities } from './state-identities.ts'
import { StateSizes } from './state-sizes.ts'
import { TakenChanges } from './taken-changes.ts'

/** See PipelineOptions. */
export interface TablesOptions extends LocalOptions {
  readonly memory?: MemoryGuard
}

/** What a pipeline keeps: tables, stages and event times, with what changed in them since the last commit. */
export class PipelineTables {
  readonly #tables: ReadonlyMap<string, TableState>
  readonly #stages: KeyedState[] = []
  readonly #facts = new PipelineFacts()
  readonly times: KeptTimes
  readonly statements: ScriptStatements
  readonly #identities: StateIdentities
  readonly #sizes: StateSizes
  readonly #taken: TakenChanges
  readonly #local: LocalStates
  readonly #memory: MemoryGuard | null
  readonly #unwatch: () => void
  #areSentOtherwise = false

  /** `accepted`: see StateIdentities. `folder`: null: the pipeline has none on the local disk. */
  constructor(
    definition: PipelineDefinition,
    folder: string | null,
    options: TablesOptions,
    accepted: boolean,
    samples: RecordSamples | null = null
  ) {
    this.#tables = new Map(definition.tables.map(table => [table.name, new TableState(table)]))
    this.times = new KeptTimes(definition, this.#facts)
    this.#identities = new StateIdentities(this.#facts, definition.states, accepted)
    this.statements = new ScriptStatements(definition, this.#identities)
    this.#sizes = new StateSizes(definition)
    this.#taken = new TakenChanges(this.#sizes, samples)
    this.#local = new LocalStates(definition, folder, () => this.states, options)
    this.#memory = options.memory ?? null
    this.#unwatch = this.#memory?.watch(() => this.measure()) ?? (() => {})
  }

  /** All tables and stages. */
  get states(): readonly KeyedState[] {
    return [...this.#tables.values(), ...this.#stages]
  }

  /** Whether there is anything to keep. */
  get isEmpty(): boolean {
    return this.#tables.size + this.#stages.length === 0
  }

  get(name: string): TableState {
    return this.#tables.get(name)!
  }

  /** The state of a stage, which generated code makes when it opens. */
  keep<State extends KeyedState>(state: State): State {
    this.#stages.push(state)
    return state
  }

  /** How many rows each table and each GROUP BY has. */
  sizes(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.states.map(({ name, size }) => [name, size]))
  }

  /** How large each state is. */
  measure(): readonly StateSnapshot[] {
    return this.#sizes.measure(this.states)
  }

  /** All is as it was at the last commit. */
  async restore(transactions: TransactionConnection): Promise<void> {
    if (this.isEmpty) return
    const facts = this.#facts
    await transactions.restore(facts.state.name, 0, ({ key, row }) => facts.state.restore(key, row))
    refuseHalfReset(facts)
    this.statements.check()
    this.#local.clean()
    this.#areSentOtherwise = this.states.some(one => this.#identities.areSentOtherwise(one))
    await restoreStates(
      {
        states: this.states,
        identities: this.#identities,
        local: this.#local,
        sizes: this.#sizes,
        memory: this.#memory
      },
      facts.identity,
      transactions
    )
    this.times.restore(this.#stages)
    await this.#local.restored(facts.identify(), () => transactions.ends())
  }

  /** Whether what is on its way to what was restored may be of a form that can't be read. */
  get areSentOtherwise(): boolean {
    return this.#areSentOtherwise
  }

  /** Changes to commit, those of commits that failed first; `committed` forgets them. Gives way to other work now and then. */
  async changes(): Promise<readonly StateChange[]> {
    if (this.isEmpty) return []
    this.times.keep(this.#stages)
    return this.#taken.take([this.#facts.state, ...this.states])
  }

  async committed(now: number, transactions: TransactionConnection): Promise<void> {
    await this.#local.committed(this.#taken.committed(), now, this.#facts.identity!, () =>
      transactions.ends()
    )
  }

  /** Whether so much has changed in memory that it should be committed before its time. */
  get isCrowded(): boolean {
    return this.#local.isCrowded
  }

  /** To be called between two batches: rows leave memory that are on the disk. */
  trim(): void {
    // What was taken for a commit is neither in the store yet nor marked as changed.
    if (this.#taken.isEmpty) this.#local.trim()
  }

  /** To be called as `trim`, where memory is scarce: less of what is on the disk is in memory from now on. */
  shrink(): void {
    if (this.#taken.isEmpty) this.#local.shrink()
  }

  /** What is on the local disk is wrong, and is not to be read again. */
  distrust(): void {
    this.#local.distrust()
  }

  /** Everything is committed: a restart finds it at once. `ends`: null: nobody knows them. */
  async close(ends: () => Promise<ReadonlyMap<string, number> | null>): Promise<void> {
    if (this.#taken.isEmpty) await this.#local.close(this.#facts.identity!, ends)
  }

  /** Of these tables nothing may be kept any more: the pipeline goes back to its last commit with others, or ends. */
  async discard(): Promise<void> {
    this.#unwatch()
    await this.#local.discard()
  }
}
