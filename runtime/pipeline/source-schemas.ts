import type { Batch, Registry, SchemaLookup } from '../contract/index.ts'
import type { SourceMetrics } from '../observe/metrics.ts'
import { BatchSchemas } from '../registry/index.ts'
import { backOff } from './back-off.ts'
import type { PipelineOptions } from './pipeline-options.ts'

/** The schemas that the records of a pipeline's sources name. */
export class SourceSchemas {
  readonly #bySource = new Map<string, BatchSchemas>()

  /** `over` resolves when nobody waits for a registry any more. */
  constructor(
    sources: readonly SourceMetrics[],
    { openRegistry, clock, log, random = Math.random }: PipelineOptions,
    over: Promise<undefined>
  ) {
    const ended = over.then(() => false)
    const opened = new Map<string, Registry>()
    for (const source of sources) {
      const { name, registry } = source.definition
      if (registry === undefined) continue
      if (openRegistry === undefined) throw new Error(`nothing opens the registry of ${name}`)
      const key = JSON.stringify(registry)
      const shared = opened.get(key) ?? openRegistry(registry)
      opened.set(key, shared)
      const host = {
        policy: () => source.definition.onError,
        backOff(attempt: number) {
          const waited = backOff(source.definition.onError, attempt, clock, random)
          return Promise.race([waited.then(() => true), ended])
        },
        elapsed: () => clock.elapsed(),
        warn: (reason: string) =>
          log.limited('warn', 'waiting for a schema', { source: name, reason })
      }
      this.#bySource.set(name, new BatchSchemas(shared, host))
    }
  }

  of(source: string): SchemaLookup {
    return this.#bySource.get(source)!
  }

  /** To be called before a batch runs. False: it is not to be run. */
  async prepare({ definition }: SourceMetrics, batch: Batch): Promise<boolean> {
    const schemas = this.#bySource.get(definition.name)
    return schemas === undefined || schemas.prepare(batch, definition.hasKeySchemas === true)
  }
}
