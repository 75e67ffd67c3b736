import type {
  AskedPipeline,
  Asker,
  DescribedStatement,
  KeyedState,
  OpenAsker,
  Relation,
  ResultRows,
  StatementAnswer,
  StatementResult
} from '../contract/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { failure } from '../sql/failure.ts'
import type { TableState } from '../state/index.ts'
import { describeObject, showNames } from './describe.ts'
import type { Lock } from './lock.ts'
import { namedTables } from './named-tables.ts'
import type { Operations } from './operations.ts'
import type { Outcome } from './outcome.ts'
import { type Refusal, refuse } from './refuse.ts'
import { type Observed, systemColumns, systemRows } from './system-tables.ts'

/** What statements need of the loop. */
export interface StatementHost extends Observed {
  readonly lock: Lock
  table(name: string): TableState
  /** All tables and groups. */
  states(): readonly KeyedState[]
  /** Rows of an answer, at most. */
  readonly maxRows: number
  /** Time for the statements that run now. */
  tick(): number
  /** Runs a statement: a row for which something fails is its failure. */
  within<T>(statement: () => T | Promise<T>): Promise<T>
  /** Why nothing can be changed yet; null: it can. */
  notYet(): string | null
  /** Hands what a change has written to the clients. */
  produce(): Promise<void>
  /** Forgets what a change has written that failed. */
  discard(): void
  /** Everything produced is acknowledged, and committed with the tables. False: all is as it was at the last commit. */
  commit(): Promise<boolean>
}

const NO_SITE = -1

interface Waiting {
  readonly text: string
  readonly denial: Refusal | null
  resolve(answer: StatementAnswer | Promise<StatementAnswer>): void
  reject(error: unknown): void
}

/**
 * Statements on the running pipeline, between two batches. All that came in while the pipeline was busy run together, one after
 * the other, and share one commit: an answer to a change means that it will not be lost.
 */
export class Statements {
  readonly #host: StatementHost
  readonly #open: () => OpenAsker
  readonly #operations: Operations
  #asker: Asker | null = null
  #waiting: Waiting[] = []
  #closed = false

  constructor(host: StatementHost, operations: Operations, open: () => OpenAsker) {
    this.#host = host
    this.#operations = operations
    this.#open = open
  }

  /** `denial`: what changes are answered with instead; null: they are allowed. */
  execute(text: string, denial: Refusal | null): Promise<StatementAnswer> {
    if (this.#closed) return Promise.reject(new EnvironmentError('the pipeline has stopped'))
    const { promise, resolve, reject } = Promise.withResolvers<StatementAnswer>()
    this.#waiting.push({ text, denial, resolve, reject })
    if (this.#waiting.length === 1) void this.#host.lock.run(() => this.#runWaiting())
    return promise
  }

  describe(text: string, open: readonly number[]): DescribedStatement {
    return this.#ask().describe(text, open)
  }

  /** Tables, then system tables. */
  relations(): readonly Relation[] {
    const named = namedTables(this.#host.definition)
    const tables = named.map(({ name, columns, key, nullsInKey }): Relation => {
      const asked = this.describe(`SELECT * FROM "${name.replaceAll('"', '""')}"`, [])
      const types = (asked.kind === 'rows' ? asked.columns : null) ?? []
      const typed = types.map(({ valueType }, i) => ({
        name: columns[i]!.name,
        type: valueType,
        nullable: columns[i]!.nullable && (nullsInKey === true || key?.includes(i) !== true)
      }))
      const unique = nullsInKey === true ? { nullsInKey } : {}
      return { schema: 'public', name, columns: typed, key, ...unique }
    })
    const system = Object.entries(systemColumns).map(([name, columns]): Relation => ({
      schema: 'system',
      name,
      columns,
      key: null
    }))
    return [...tables, ...system]
  }

  render(result: ResultRows, format: 'json' | 'arrow'): Promise<Uint8Array> {
    return this.#ask().render(result, format)
  }

  /** Later statements are refused; those that wait are answered first. */
  close(): void {
    this.#closed = true
  }

  #ask(): Asker {
    const { definition } = this.#host
    this.#asker ??= this.#open()(
      [...namedTables(definition).map(({ sql }) => sql), ...definition.views],
      systemColumns
    )
    return this.#asker
  }

  async #runWaiting(): Promise<void> {
    const group = this.#waiting
    this.#waiting = []
    const changes: ((isCommitted: boolean) => void)[] = []
    for (const { text, denial, resolve, reject } of group) {
      try {
        const outcome = await this.#runOne(text, denial)
        if ('later' in outcome) resolve(outcome.later)
        else if (isChange(outcome))
          changes.push(isCommitted => resolve(isCommitted ? outcome : notCommitted()))
        else resolve(outcome)
      } catch (error) {
        reject(error)
      }
    }
    if (changes.length === 0) return
    try {
      const isCommitted = await this.#host.commit()
      for (const answer of changes) answer(isCommitted)
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }

  async #runOne(text: string, denial: Refusal | null): Promise<Outcome> {
    const result = await this.#asked(text, denial)
    const { definition, metrics } = this.#host
    switch (result.kind) {
      case 'show':
        return showNames(result, definition, metrics)
      case 'describe':
        return describeObject(result.name, definition, metrics)
      case 'alter':
        return denial ?? this.#operations.alter(result)
      case 'drop':
        return denial ?? this.#operations.drop(result)
      case 'changed':
      case 'batch':
        await this.#host.produce()
        return result
      default:
        return result
    }
  }

  /** What fails after its first row leaves no trace: neither in the tables nor in what goes to the sinks. */
  async #asked(text: string, denial: Refusal | null): Promise<StatementResult> {
    const now = this.#host.tick()
    let changing: readonly KeyedState[] = []
    const pipeline: AskedPipeline = {
      table: name => this.#host.table(name),
      changed: name => {
        if (denial !== null) throw failure(NO_SITE, denial.code, denial.message)
        const reason = this.#host.notYet()
        if (reason !== null) throw failure(NO_SITE, 'pipeline-starting', reason)
        // A change of one table may go on into others, and into groups.
        if (changing.length === 0) {
          changing = this.#host.states()
          for (const state of changing) state.begin()
        }
        return this.#host.table(name).definition.changed as ReturnType<AskedPipeline['changed']>
      },
      system: name => systemRows(name, this.#host),
      now: () => now,
      maxRows: this.#host.maxRows
    }
    const asker = this.#ask()
    let succeeded = false
    try {
      const result = await this.#host.within(() =>
        asker.isBatch(text) ? asker.executeBatch(text, pipeline) : asker.execute(text, pipeline)
      )
      succeeded = isChange(result)
      // A denial knows what to do about it.
      return result.kind === 'refused' && result.code === denial?.code ? denial : result
    } finally {
      for (const state of changing) state.end(succeeded)
      if (!succeeded) this.#host.discard()
    }
  }
}

/** The brokers gave no answer, or not the one that was hoped for. */
function notCommitted(): Refusal {
  return refuse(
    'commit-unknown',
    'the commit of the change failed, and whether it was made is not known',
    'The tables are as they were committed: look whether it is in them, then ask again.'
  )
}

function isChange({ kind }: StatementResult | StatementAnswer): boolean {
  return kind === 'changed' || kind === 'batch'
}
