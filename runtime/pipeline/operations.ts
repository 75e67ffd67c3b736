import type { StatementAnswer, StatementResult } from '../contract/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import type { Metrics, SinkMetrics, SourceMetrics } from '../observe/metrics.ts'
import { findByName } from './describe.ts'
import { refuse } from './refuse.ts'
import type { Outcome } from './outcome.ts'

type Alter = Extract<StatementResult, { kind: 'alter' }>
type Drop = Extract<StatementResult, { kind: 'drop' }>

/** What ALTER and DROP need of the loop. */
export interface OperationsHost {
  readonly metrics: Metrics
  /** Everything produced is acknowledged and committed. */
  settle(): Promise<void>
  /** Runs `work` between two polls of a source, when all that was read of it is committed. */
  between<T>(source: SourceMetrics, work: () => Promise<T>): Promise<T>
  reopenSource(source: SourceMetrics): Promise<void>
  reopenSink(sink: SinkMetrics): Promise<void>
  stopSource(source: SourceMetrics): Promise<void>
  stopSink(sink: SinkMetrics): Promise<void>
}

const RESET = 'auto_offset_reset'
const UNTIL = 'This holds until the pipeline ends; the script has it for good.'

/** ALTER and DROP on the running pipeline: each at a barrier, so that nothing is half-sent or half-read. */
export class Operations {
  readonly #host: OperationsHost

  constructor(host: OperationsHost) {
    this.#host = host
  }

  async alter(statement: Alter): Promise<Outcome> {
    const { object, name } = statement
    const { sources, sinks } = this.#host.metrics
    if (object === 'SINK') {
      const sink = findByName(sinks, name, ({ definition }) => definition.name)
      return sink === undefined ? notFound('sink', name, sinks) : this.#alterSink(sink, statement)
    }
    const source = findByName(sources, name, ({ definition }) => definition.name)
    if (source === undefined) return notFound('source', name, sources)
    return { later: this.#host.between(source, () => this.#alterSource(source, statement)) }
  }

  async drop({ object, name, ifExists }: Drop): Promise<Outcome> {
    const { sources, sinks } = this.#host.metrics
    const nothing = done(`no ${object.toLowerCase()} is called "${name}"`)
    if (object === 'SINK') {
      const sink = findByName(sinks, name, ({ definition }) => definition.name)
      if (sink === undefined) return ifExists ? nothing : notFound('sink', name, sinks)
      await this.#host.settle()
      await this.#host.stopSink(sink)
      return done(`sink "${sink.definition.name}" gets nothing more. ${UNTIL}`)
    }
    if (object !== 'SOURCE') {
      return refuse(
        'part-of-dataflow',
        `${object} "${name}" is part of the dataflow that the pipeline was compiled with`,
        'Change the script and compile it.'
      )
    }
    const source = findByName(sources, name, ({ definition }) => definition.name)
    if (source === undefined) return ifExists ? nothing : notFound('source', name, sources)
    const stop = async (): Promise<StatementAnswer> => {
      await this.#host.stopSource(source)
      return done(`source "${source.definition.name}" is read no more. ${UNTIL}`)
    }
    return { later: this.#host.between(source, stop) }
  }

  async #alterSink(sink: SinkMetrics, { settings, names }: Alter): Promise<StatementAnswer> {
    await this.#host.settle()
    const { definition } = sink
    sink.definition = { ...definition, properties: { ...definition.properties, ...settings } }
    try {
      await this.#host.reopenSink(sink)
    } catch (error) {
      sink.definition = definition
      return refuseBecause(error)
    }
    return done(`sink "${definition.name}" goes on with ${newOf(names)}. ${UNTIL}`)
  }

  async #alterSource(source: SourceMetrics, { settings, names }: Alter): Promise<StatementAnswer> {
    const { [RESET]: reset, ...properties } = settings
    const { definition } = source
    const told: string[] = []
    if (Object.keys(properties).length > 0) {
      source.definition = { ...definition, properties: { ...definition.properties, ...properties } }
      try {
        await this.#host.reopenSource(source)
      } catch (error) {
        source.definition = definition
        await this.#host.reopenSource(source)
        return refuseBecause(error)
      }
      told.push(`goes on with ${newOf(names.filter(name => name.toLowerCase() !== RESET))}`)
    }
    if (reset !== undefined) {
      const end = reset === 'earliest' ? 'earliest' : 'latest'
      const partitions = await source.connection!.rewind(end)
      if (partitions.length === 0) {
        return refuse(
          'no-partitions',
          `source "${definition.name}" has no partitions now`,
          'Ask again when its group has given it some: see system.kafka_consumer_offsets.'
        )
      }
      const where = end === 'earliest' ? 'from its first record' : 'behind its last record'
      told.push(`goes on ${where} in partitions ${partitions.join(', ')}`)
    }
    return done(`source "${definition.name}" ${told.join(' and ')}. ${UNTIL}`)
  }
}

function done(message: string): StatementAnswer {
  return { kind: 'done', message }
}

/** Without the values: they may be secrets. */
function newOf(names: readonly string[]): string {
  return `its new ${names.join(', ')}`
}

function notFound(
  what: 'source' | 'sink',
  name: string,
  known: readonly (SourceMetrics | SinkMetrics)[]
): StatementAnswer {
  const names = known.map(({ definition }) => definition.name).join(', ')
  return refuse(
    `${what}-not-found`,
    `no ${what} of this pipeline is called "${name}"`,
    `There is: ${names || 'none'}.`
  )
}

/** The client refused a value, or could not connect; anything else is a bug. */
function refuseBecause(error: unknown): StatementAnswer {
  if (!(error instanceof Error)) throw error
  const hint = error instanceof EnvironmentError ? error.hint : null
  return refuse('setting-refused', error.message, hint ?? 'Nothing was changed.')
}
