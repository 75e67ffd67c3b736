import type { KeyedState, PipelineDefinition, SourceDefinition } from '../contract/index.ts'
import { ExchangeClock } from '../time/exchange-clock.ts'
import { SourceClock } from '../time/source-clock.ts'
import type { Facts } from './pipeline-facts.ts'

/** The facts of how far time has closed each state: this and its name. */
const REACHED = 'closed up to '
/** The facts of how far the event time of each source's partitions is: this and the source's name. */
const WATERMARKS = 'watermarks of '
/** The facts of how far the processing time of what comes through each exchange is: this and its name. */
const PROCESSED = 'processed of '
/** The fact of the processing time that others may have been told. */
const TOLD = 'processed'

/** The event time of what a source brings. */
export type EventClock = SourceClock | ExchangeClock

/** How far time is, as it is remembered with what is kept: a restart goes on from there. */
export class KeptTimes {
  readonly #definition: PipelineDefinition
  readonly #facts: Facts
  readonly #clocks: ReadonlyMap<string, EventClock>
  /** By exchange: the processing time of those who send, where somebody waits for it. */
  readonly #processing: ReadonlyMap<string, ExchangeClock>

  constructor(definition: PipelineDefinition, facts: Facts) {
    this.#definition = definition
    this.#facts = facts
    this.#clocks = new Map(definition.sources.flatMap(clockOf))
    this.#processing = new Map(
      definition.sources.flatMap(({ name, exchange }): [string, ExchangeClock][] =>
        exchange?.processing === undefined ? [] : [[name, new ExchangeClock(exchange.processing)]]
      )
    )
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
    this.#facts.set(TOLD, processed)
  }

  /** What was told so; null: nothing. */
  get told(): number | null {
    return (this.#facts.get(TOLD) as number | undefined) ?? null
  }

  /** Event time, and what it has closed of these stages, are as they were. */
  restore(stages: readonly KeyedState[]): void {
    for (const [fact, clock] of this.#remembered()) {
      const marks = this.#facts.get(fact)
      // Each has what it wrote itself.
      if (marks !== undefined) clock.restore(marks as never)
    }
    for (const one of this.#closedByTime(stages)) {
      const reached = this.#facts.get(REACHED + one.name)
      if (reached !== undefined) one.reach?.(reached as readonly number[])
    }
  }

  /** As they are now, to be committed with what they have closed of these stages. */
  keep(stages: readonly KeyedState[]): void {
    for (const [fact, clock] of this.#remembered()) this.#facts.set(fact, clock.save())
    for (const { name, reached } of this.#closedByTime(stages)) {
      if (reached?.some(mark => mark > -Infinity) === true)
        this.#facts.set(REACHED + name, [...reached])
    }
  }

  /** All clocks, by their facts. */
  *#remembered(): Generator<[string, EventClock]> {
    for (const [source, clock] of this.#clocks) yield [WATERMARKS + source, clock]
    for (const [exchange, clock] of this.#processing) yield [PROCESSED + exchange, clock]
  }

  /** The clock of this machine may be behind that of the last one: what comes now would be too late. */
  #closedByTime(stages: readonly KeyedState[]): readonly KeyedState[] {
    const byClock = this.#definition.stages.filter(stage => stage.byClock === true)
    return stages.filter(({ name }) => !byClock.some(stage => stage.name === name))
  }
}

function clockOf({ name, watermark, exchange }: SourceDefinition): [string, EventClock][] {
  if (exchange !== undefined) return [[name, new ExchangeClock(exchange.clocks)]]
  if (watermark === null) return []
  const { delay, idleTimeout, maxFutureSkew } = watermark
  return [[name, new SourceClock(delay, idleTimeout, maxFutureSkew)]]
}
