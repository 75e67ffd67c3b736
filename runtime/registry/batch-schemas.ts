import type {
  Batch,
  ErrorPolicy,
  Registry,
  SchemaLookup,
  SchemaProblem,
  SchemaText
} from '../contract/index.ts'
import { readSchemaId } from '../codec/schema-frame.ts'
import { RegistryFailure } from './registry-failure.ts'

/** What the fetching of schemas needs of the pipeline around it. */
export interface BatchSchemasHost {
  policy(): ErrorPolicy
  /** Resolves when it is time to ask again what was asked `attempt` times in vain; false: nobody waits any more. */
  backOff(attempt: number): Promise<boolean>
  /** Milliseconds of a clock that nobody sets. */
  elapsed(): number
  warn(message: string): void
}

/** A schema that is not there may come: a registry may be a copy that lags behind. In ms. */
const ASK_AGAIN = 30_000
/** Requests at a time: where values only look as if they had schemas, each may name another. */
const AT_ONCE = 16
/** Problems to remember, at most. */
const MOST_PROBLEMS = 10_000

/** The schemas of one source's records: fetched when a batch names one for the first time, and kept. */
export class BatchSchemas implements SchemaLookup {
  readonly #registry: Registry
  readonly #host: BatchSchemasHost
  readonly #schemas = new Map<number, SchemaText>()
  readonly #problems = new Map<number, SchemaProblem & { readonly until: number }>()

  constructor(registry: Registry, host: BatchSchemasHost) {
    this.#registry = registry
    this.#host = host
  }

  find(id: number): SchemaText | SchemaProblem {
    const found = this.#schemas.get(id) ?? this.#problems.get(id)
    if (found === undefined) throw new Error(`schema ${id} was not asked for`)
    return found
  }

  /**
   * Fetches the schemas that a batch names, its keys too if they do, and that are not known. False: the pipeline stops, and the batch is
   * not to be run.
   */
  async prepare(
    { bytes, count, valueStart, valueEnd, keyStart, keyEnd }: Batch,
    hasKeys = false
  ): Promise<boolean> {
    const missing = new Set<number>()
    const find = (starts: Int32Array, ends: Int32Array): void => {
      let last = -1
      for (let i = 0; i < count; i++) {
        const id = readSchemaId(bytes, starts[i]!, ends[i]!)
        // Most records are as the one before.
        if (id < 0 || id === last) continue
        last = id
        if (!this.#schemas.has(id)) missing.add(id)
      }
    }
    find(valueStart, valueEnd)
    if (hasKeys) find(keyStart, keyEnd)
    if (missing.size > 0) await this.#fetchAll([...missing].filter(id => this.#isDue(id)))
    return [...missing].every(id => this.#schemas.has(id) || this.#problems.has(id))
  }

  #isDue(id: number): boolean {
    const problem = this.#problems.get(id)
    return problem === undefined || problem.until <= this.#host.elapsed()
  }

  async #fetchAll(ids: number[]): Promise<void> {
    if (this.#problems.size + ids.length > MOST_PROBLEMS) this.#problems.clear()
    for (const id of ids) this.#problems.delete(id)
    const worker = async (): Promise<void> => {
      for (let id = ids.pop(); id !== undefined; id = ids.pop()) await this.#fetch(id)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
  }

  /**
   * A registry that can't be reached is waited for, as brokers are: else its outage would make dead letters of good records. Only
   * `action = 'retry'` says how often it is asked.
   */
  async #fetch(id: number): Promise<void> {
    const { policy, backOff, elapsed, warn } = this.#host
    for (let attempt = 1; ; attempt++) {
      try {
        this.#schemas.set(id, await this.#registry.schema(id))
        return
      } catch (error) {
        if (!(error instanceof RegistryFailure)) throw error
        const { kind, message } = error
        if (kind === 'not-found') {
          const until = elapsed() + ASK_AGAIN
          this.#problems.set(id, { code: 'unknown-schema', message, until })
          return
        }
        const { action, maxRetries } = policy()
        if (action === 'retry' && attempt > maxRetries) {
          const until = elapsed()
          this.#problems.set(id, { code: 'registry-unreachable', message, attempt, until })
          return
        }
        warn(message)
        if (!(await backOff(attempt))) return
      }
    }
  }
}
