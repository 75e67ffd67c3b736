import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type {
  ChangeDefinition,
  KeyedState,
  PipelineDefinition,
  SourceDefinition,
  StateBackend,
  StateChange,
  TransactionConnection,
  TableDefinition
} from '../contract/index.ts'
import type { MemoryGuard } from '../memory/index.ts'
import { during } from '../observe/doing.ts'
import type { RecordSamples } from '../observe/record-samples.ts'
import type { StateSnapshot } from '../observe/snapshot.ts'
import { StoreDamaged } from '../observe/store-damaged.ts'
import { isSqlFailure } from '../sql/failure.ts'
import { loadBackend } from '../native/index.ts'
import { TableState } from '../state/index.ts'
import { migrateBytes } from '../state/migrate-bytes.ts'
import { ExchangeClock } from '../time/exchange-clock.ts'
import { SourceClock } from '../time/source-clock.ts'
import { type CheckpointOptions, Checkpoints } from './checkpoints.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { refuseHalfReset } from './reset-state.ts'
import { SpilledStates, type SpillOptions } from './spilled-states.ts'
import { StateIdentities } from './state-identities.ts'
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
  sources: [],
  changed: () => {},
  sql: '',
  line: 0
})
/** The fact that tells this state from one on another cluster. */
const IDENTITY = 'identity'
/** The facts of how far time has closed each state: this and its name. */
const REACHED = 'closed up to '
/** The facts of how far the event time of each source's partitions is: this and the source's name. */
const WATERMARKS = 'watermarks of '
/** The facts of how far the processing time of what comes through each exchange is: this and its name. */
const PROCESSED = 'processed of '
/** The fact of the processing time that others may have been told. */
const TOLD = 'processed'

/** So many records of what is restored are read between two looks at what memory is left. */
const RESTORED_BETWEEN = 1000

/** So many changes are encoded for their changelog at a time, in some 10 ms: others wait meanwhile. */
const TAKEN_BETWEEN = 10_000

/** See PipelineOptions. */
export interface TablesOptions extends CheckpointOptions, SpillOptions {
  readonly memory?: MemoryGuard
}

/** What a pipeline keeps: tables, stages and event times, with what changed in them since the last commit. */
export class PipelineTables {
  readonly #definition: PipelineDefinition
  readonly #tables: ReadonlyMap<string, TableState>
  readonly #samples: RecordSamples | null
  readonly #stages: KeyedState[] = []
  readonly #clocks: ReadonlyMap<string, EventClock>
  /** By exchange: the processing time of those who send, where somebody waits for it. */
  readonly #processing: ReadonlyMap<string, ExchangeClock>
  readonly #facts = new TableState(FACTS)
  readonly #identities: StateIdentities
  /** What the rows of each state took in its changelog. */
  readonly #written = new Map<string, { rows: number; bytes: number }>()
  /** The statements that change what is kept. */
  readonly #changes: readonly ChangeDefinition[]
  /** Taken for a commit that has not succeeded yet. */
  #pending: StateChange[] = []
  readonly #memory: MemoryGuard | null
  readonly #unwatch: () => void
  /** Records since the last look at the memory. */
  #restored = 0

  /** `accepted`: see StateIdentities. `open`: of a pipeline whose state is not in memory. */
  constructor(
    definition: PipelineDefinition,
    folder: string | null,
    options: TablesOptions,
    accepted: boolean,
    samples: RecordSamples | null = null
  ) {
    this.#definition = definition
    this.#changes = definition.changes.filter(({ table }) => !isCopy(definition, table))
    this.#samples = samples
    this.#memory = options.memory ?? null
    this.#unwatch = this.#memory?.watch(() => this.measure()) ?? (() => {})
    this.#identities = new StateIdentities(this.#facts, definition.states, accepted)
    this.#tables = new Map(definition.tables.map(table => [table.name, new TableState(table)]))
    this.#clocks = new Map(definition.sources.flatMap(clockOf))
    this.#processing = new Map(
      definition.sources.flatMap(({ name, exchange }): [string, ExchangeClock][] =>
        exchange?.processing === undefined ? [] : [[name, new ExchangeClock(exchange.processing)]]
      )
    )
    const isEmpty = definition.tables.length + definition.stages.length === 0
    const states = (): readonly KeyedState[] => this.states
    const isSpilled = definition.backend === 'lmdb' && !isEmpty
    this.#spilled = isSpilled
      ? new SpilledStates(openBackend(definition, folder, options), states, options)
      : null
    this.#checkpoints =
      folder === null || isEmpty || isSpilled ? null : new Checkpoints(folder, states, options)
  }

  /** All tables and stages. */
  get states(): readonly KeyedState[] {
    return [...this.#tables.values(), ...this.#stages]
  }

  /** Whether there is anything to keep. */
  get isEmpty(): boolean {
    return this.#tables.size + this.#stages.length === 0
  }

  /** The state of a stage, which generated code makes when it opens. */
  keep<State extends KeyedState>(state: State): State {
    this.#stages.push(state)
    return state
  }

  /** The event time of a source; undefined: nobody waits for it. */
  clock(source: string): EventClock | undefined {
    return this.#clocks.get(source)
  }

  /** As `clock`, the processing time of what comes through an exchange. */
  processing(exchange: string): ExchangeClock | undefined {
    return this.#processing.get(exchange)
  }

  /** The processing time that others may have been told, to be committed with what tells them. */
  tell(processed: number): void {
    if (!this.isEmpty) this.#facts.set(TOLD, [TOLD, processed])
  }

  /** What was told so; null: nothing. */
  get told(): number | null {
    return (this.#facts.get(TOLD)?.[1] as number | undefined) ?? null
  }

  /** How many rows each table and each GROUP BY has. */
  sizes(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.states.map(({ name, size }) => [name, size]))
  }

  /** How large each state is. */
  measure(): readonly StateSnapshot[] {
    const { tables, stages } = this.#definition
    const lines = new Map([...tables, ...stages].map(({ name, line }) => [name, line]))
    return this.states.map(({ name, size }) => {
      const written = this.#written.get(name)
      const bytes =
        size === 0 ? 0 : written === undefined ? null : (size * written.bytes) / written.rows
      const kind = this.#tables.has(name) ? 'table' : 'stage'
      return { name, kind, rows: size, bytes: bytes && Math.round(bytes), line: lines.get(name)! }
    })
  }

  #count({ table, key, row }: StateChange): void {
    if (row !== null) this.#countRows(table, 1, key.length + row.length)
  }

  #countRows(state: string, rows: number, bytes: number): void {
    let written = this.#written.get(state)
    if (written === undefined) this.#written.set(state, (written = { rows: 0, bytes: 0 }))
    written.rows += rows
    written.bytes += bytes
  }

  /** The first change of a commit stands for the others. */
  #sample(state: string, [first]: readonly StateChange[]): void {
    if (first === undefined) return
    this.#samples?.take(`state ${state}`, () => ({ key: first.key, value: first.row }))
  }

  get(name: string): TableState {
    return this.#tables.get(name)!
  }

  /** Copies of what is in memory on the local disk: null where the pipeline has no folder. */
  readonly #checkpoints: Checkpoints | null
  /** Null: all states are in memory. */
  readonly #spilled: SpilledStates | null

  /** Tables are as they were at the last commit: from the local disk, and from what the changelogs have behind that. */
  async restore(transactions: TransactionConnection): Promise<void> {
    if (this.isEmpty) return
    await transactions.restore(FACTS.name, 0, ({ key, row }) => this.#facts.restore(key, row))
    refuseHalfReset(this.#facts)
    this.#checkpoints?.clean()
    const known = this.#identity()
    const offsets = await this.#restoreLocal(known)
    this.#identities.statementsDone(this.#changes)
    const migrations = new Map(this.states.map(one => [one, this.#identities.check(one)]))
    for (const one of this.states) {
      const start = this.#identities.start(one)
      const migration = migrations.get(one)!
      const rowOf = (row: Uint8Array | null): Uint8Array | null =>
        row === null || migration === null ? row : migrateBytes(row, migration)
      await transactions.restore(one.name, Math.max(start, offsets.get(one.name) ?? 0), change => {
        this.#requireRoom()
        this.#count(change)
        const row = rowOf(change.row)
        if (this.#spilled === null) one.restore(change.key, row)
        else this.#spilled.read({ ...change, row })
      })
      if (this.#spilled === null) one.restored?.()
      else this.#spilled.readAll()
      if (migration === null) this.#identities.remember(one, start)
      else {
        rewrite(this.get(one.name))
        this.#identities.remember(one, (await transactions.ends()).get(one.name) ?? 0)
      }
    }
    this.#restoreTimes()
    if (known === null) this.#facts.set(IDENTITY, [IDENTITY, randomUUID()])
    this.#spilled?.restored(this.#identity()!, await transactions.ends())
  }

  /** Event time, and what it has closed, are as they were. */
  #restoreTimes(): void {
    for (const [source, clock] of this.#clocks) {
      const marks = this.#facts.get(WATERMARKS + source)?.[1]
      // Each has what it wrote itself.
      if (marks !== undefined) clock.restore(marks as never)
    }
    for (const [exchange, clock] of this.#processing) {
      const marks = this.#facts.get(PROCESSED + exchange)?.[1]
      if (marks !== undefined) clock.restore(marks as never)
    }
    for (const one of this.#closedByTime()) {
      const reached = this.#facts.get(REACHED + one.name)?.[1]
      if (reached !== undefined) one.reach?.(reached as readonly number[])
    }
  }

  /** The clock of this machine may be behind that of the last one: what comes now would be too late. */
  #closedByTime(): readonly KeyedState[] {
    const { stages } = this.#definition
    return this.#stages.filter(
      ({ name }) => stages.find(stage => stage.name === name)?.byClock !== true
    )
  }

  async #restoreLocal(identity: string | null): Promise<ReadonlyMap<string, number>> {
    if (this.#spilled !== null) return this.#spilled.restore(identity)
    if (identity === null || this.#checkpoints === null) return new Map()
    return this.#checkpoints.restore(identity, (state, rows, bytes) => {
      this.#requireRoom(rows)
      this.#countRows(state, rows, bytes)
    })
  }

  /** To be called before records of what is restored: they may be more than there is memory for. */
  #requireRoom(records = 1): void {
    const memory = this.#memory
    this.#restored += records
    if (this.#restored < RESTORED_BETWEEN) return
    this.#restored = 0
    if (memory?.isScarce !== true) return
    if (!memory.collect()) throw memory.exhausted()
  }

  #identity(): string | null {
    return (this.#facts.get(IDENTITY)?.[1] as string | undefined) ?? null
  }

  /** Changes to commit, those of commits that failed first; `committed` forgets them. Gives way to other work now and then. */
  async changes(): Promise<readonly StateChange[]> {
    if (this.isEmpty) return []
    this.#keepTimes()
    for (const one of [this.#facts, ...this.states]) await this.#takeChanges(one)
    return this.#pending
  }

  #keepTimes(): void {
    for (const [source, clock] of this.#clocks) {
      const fact = WATERMARKS + source
      this.#facts.set(fact, [fact, clock.save()])
    }
    for (const [exchange, clock] of this.#processing) {
      const fact = PROCESSED + exchange
      this.#facts.set(fact, [fact, clock.save()])
    }
    for (const { name, reached } of this.#closedByTime()) {
      if (reached?.some(mark => mark > -Infinity) !== true) continue
      const fact = REACHED + name
      this.#facts.set(fact, [fact, [...reached]])
    }
  }

  async #takeChanges(state: KeyedState): Promise<void> {
    for (;;) {
      const changes = during('committing', () => state.takeChanges(TAKEN_BETWEEN))
      // No spread: there may be more changes than a call may have arguments.
      for (const change of changes) {
        this.#pending.push(change)
        this.#count(change)
      }
      this.#sample(state.name, changes)
      if (changes.length < TAKEN_BETWEEN) return
      // Who commits holds the lock: nothing changes meanwhile.
      await setImmediate()
    }
  }

  async committed(now: number, transactions: TransactionConnection): Promise<void> {
    const changes = this.#pending
    this.#pending = []
    const ends = () => transactions.ends()
    await this.#spilled?.committed(changes, now, this.#identity()!, ends)
    await this.#checkpoints?.committed(now, this.#identity()!, ends)
  }

  /** Whether so much has changed in memory that it should be committed before its time. */
  get isCrowded(): boolean {
    return this.#spilled?.isCrowded === true
  }

  /** To be called between two batches: rows leave memory that are on the disk. */
  trim(): void {
    // What was taken for a commit is neither in the store yet nor marked as changed.
    if (this.#pending.length === 0) this.#spilled?.trim()
  }

  /** To be called as `trim`, where memory is scarce: less of what is on the disk is in memory from now on. */
  shrink(): void {
    if (this.#pending.length === 0) this.#spilled?.shrink()
  }

  /** What is on the local disk is wrong, and is not to be read again. */
  distrust(): void {
    this.#spilled?.distrust()
  }

  /** Everything is committed: a restart finds it at once. */
  async close(askEnds: () => Promise<ReadonlyMap<string, number> | null>): Promise<void> {
    if (this.#pending.length > 0) return
    if (this.#spilled === null && this.#checkpoints === null) return
    const ends = await askEnds()
    if (ends === null) return
    await this.#spilled?.close(this.#identity()!, ends)
    await this.#checkpoints?.last(this.#identity()!, ends)
  }

  /** Of these tables nothing may be kept any more: the pipeline goes back to its last commit with others, or ends. */
  async discard(): Promise<void> {
    this.#unwatch()
    await this.#spilled?.discard()
    await this.#checkpoints?.discard()
  }

  /** Runs the statements of the script that have not run in any life of the pipeline; `within` runs it, `after` commits each. */
  async runStatements(
    within: (run: () => number) => Promise<number>,
    after: () => Promise<void>
  ): Promise<void> {
    const changes = this.#changes
    for (let done = this.#identities.statementsDone(changes); done < changes.length; done++) {
      await this.#runStatement(changes[done]!, within)
      this.#identities.statementDone(changes, done + 1)
      await after()
    }
  }

  /** Runs those that fill copies, which are as they were before any of them. */
  async fillCopies(within: (run: () => number) => Promise<number>): Promise<void> {
    const changes = this.#definition.changes.filter(({ table }) => isCopy(this.#definition, table))
    for (const change of changes) await this.#runStatement(change, within)
  }

  async #runStatement(
    { statement, run }: ChangeDefinition,
    within: (run: () => number) => Promise<number>
  ): Promise<void> {
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

function openBackend(
  { tables, stages }: PipelineDefinition,
  folder: string | null,
  { log, openBackend: open = loadBackend }: SpillOptions
): StateBackend {
  if (folder === null) {
    throw new EnvironmentError(
      'its state is on the disk, and there is no place for it',
      'Say with --state-dir where it may be.'
    )
  }
  const names = [...tables, ...stages].map(({ name }) => name)
  return open(folder, names, {
    warn: (message, reason) => log.log('warn', message, { reason }),
    damaged: message => new StoreDamaged(message),
    refused: (message, hint) => new EnvironmentError(message, hint)
  })
}

/** From the next commit on the changelog has the rows with the columns that they have now. */
function rewrite(table: TableState): void {
  for (const [key, row] of [...table.entries()]) table.set(key, row)
}

/** The event time of what a source brings. */
export type EventClock = SourceClock | ExchangeClock

function clockOf({ name, watermark, exchange }: SourceDefinition): [string, EventClock][] {
  if (exchange !== undefined) return [[name, new ExchangeClock(exchange.clocks)]]
  if (watermark === null) return []
  const { delay, idleTimeout, maxFutureSkew } = watermark
  return [[name, new SourceClock(delay, idleTimeout, maxFutureSkew)]]
}
