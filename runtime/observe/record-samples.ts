import type { Batch, Clock } from '../contract/index.ts'

/** The last of each place that are kept. */
const KEPT = 5
/** Between two of one place, in ms: whoever watches reads no faster. */
const INTERVAL = 200
/** Longer ones are cut. */
const LONGEST = 2000

/**
 * A place where records pass: a source's input, a sink's output, the rows that a state has written to its changelog, those that leave
 * an operator.
 */
export type SampledPlace = `${'source' | 'sink' | 'state' | 'operator'} ${string}`

export interface RecordSample {
  readonly time: number
  readonly key: string | null
  readonly value: string | null
}

/** Some of the records that pass, for people to look at. Data may be private: there are none unless the pipeline is told to. */
export class RecordSamples {
  readonly #samples = new Map<SampledPlace, RecordSample[]>()
  /** When the last of each place was taken. */
  readonly #taken = new Map<SampledPlace, number>()
  readonly #clock: Pick<Clock, 'now' | 'elapsed'>

  constructor(clock: Pick<Clock, 'now' | 'elapsed'>) {
    this.#clock = clock
  }

  /** Costs a look at the clock where it is too soon for another one. */
  take(place: SampledPlace, read: () => ReturnType<typeof recordOf>): void {
    if (!this.isDue(place)) return
    this.#taken.set(place, this.#clock.elapsed())
    const known = this.#samples.get(place) ?? []
    const { key, value } = read()
    const sample = { time: this.#clock.now(), key: textOf(key), value: textOf(value) }
    this.#samples.set(place, [sample, ...known].slice(0, KEPT))
  }

  /** Whether it is time for another one. */
  isDue(place: SampledPlace): boolean {
    return this.#clock.elapsed() - (this.#taken.get(place) ?? -Infinity) >= INTERVAL
  }

  /** By place, the last one first. */
  all(): Readonly<Record<string, readonly RecordSample[]>> {
    return Object.fromEntries(this.#samples)
  }
}

/** A record of a batch; its bytes are the batch's. */
export function recordOf(
  { bytes, keyStart, keyEnd, valueStart, valueEnd }: RecordBytes,
  record: number
): { readonly key: Uint8Array | null; readonly value: Uint8Array | null } {
  const part = (start: number, end: number): Uint8Array | null =>
    start < 0 ? null : bytes.subarray(start, end)
  return {
    key: part(keyStart[record]!, keyEnd[record]!),
    value: part(valueStart[record]!, valueEnd[record]!)
  }
}

type RecordBytes = Pick<Batch, 'bytes' | 'keyStart' | 'keyEnd' | 'valueStart' | 'valueEnd'>

function textOf(bytes: Uint8Array | null): string | null {
  if (bytes === null) return null
  const text = new TextDecoder().decode(bytes.subarray(0, LONGEST))
  return bytes.length > LONGEST ? `${text}…` : text
}
