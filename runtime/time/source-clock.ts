import type { PartitionTime } from '../contract/index.ts'
import { END_OF_TIME } from './end-of-time.ts'

const FIRST_PARTITIONS = 16

/**
 * The event time of one source. The watermark of a partition stays `delay` behind the latest time that was seen in it, and
 * never goes back. Times are milliseconds since the epoch, but `elapsed`: for how long a partition is silent is asked of a clock that
 * nobody sets.
 */
export class SourceClock {
  readonly #delay: number
  readonly #idleTimeout: number
  readonly #maxSkew: number
  #marks = new Float64Array(FIRST_PARTITIONS).fill(-Infinity)
  /** When each partition's last record came. */
  #seen = new Float64Array(FIRST_PARTITIONS)
  #waited: readonly number[] = []
  /** The partitions that others were told to go on without, and how far they may have come; null: nobody knows. */
  readonly #idle = new Map<number, number | null>()
  #elapsed = 0
  /** Times beyond it are no times. */
  #latest = Infinity

  constructor(delay: number, idleTimeout: number, maxSkew: number | null) {
    this.#delay = delay
    this.#idleTimeout = idleTimeout
    this.#maxSkew = maxSkew ?? Infinity
  }

  /** A batch begins, at this processing time. */
  tick(now: number, elapsed: number): void {
    this.#elapsed = elapsed
    this.#latest = now + this.#maxSkew
  }

  isTooFar(time: number): boolean {
    return time > this.#latest
  }

  /** A record of a partition tells its time; answers the partition's watermark. NaN: it has none. */
  observe(partition: number, time: number): number {
    if (partition >= this.#marks.length) this.#grow(partition)
    this.#seen[partition] = this.#elapsed
    const mark = time - this.#delay
    if (mark > this.#marks[partition]!) this.#marks[partition] = mark
    return this.#marks[partition]!
  }

  /** The partitions that are read: each is waited for, from now on. */
  assign(partitions: readonly number[], elapsed: number): void {
    for (const partition of partitions) {
      if (partition >= this.#marks.length) this.#grow(partition)
      if (!this.#waited.includes(partition)) this.#seen[partition] = elapsed
    }
    this.#waited = [...partitions]
  }

  /** The lowest watermark of those that are waited for, Infinity where none is; `isRead` tells which have nothing more for now. */
  awaited(elapsed: number, isRead: (partition: number) => boolean): number {
    // Before it has partitions nobody knows what it will bring.
    let lowest = this.#waited.length === 0 ? -Infinity : Infinity
    for (const partition of this.#waited) {
      const mark = this.#marks[partition]!
      const isSilent = elapsed - this.#seen[partition]! >= this.#idleTimeout
      if (mark < lowest && !(isSilent && isRead(partition))) lowest = mark
    }
    return lowest
  }

  /** Nothing more comes: all time is over. */
  end(): void {
    for (const partition of this.#waited) this.#marks[partition] = END_OF_TIME
  }

  /** The latest watermark of a partition. */
  get latest(): number {
    return Math.max(...this.#waited.map(partition => this.#marks[partition]!))
  }

  /**
   * Whether others may be further than the partition: they were told to go on without it. What is in time here may come too late for
   * them, until it has caught up.
   */
  wasIdle(partition: number): boolean {
    return this.#idle.size > 0 && this.#idle.has(partition)
  }

  /** How far each partition that is waited for is, and whether it holds nobody back: others may be told so. */
  marks(
    elapsed: number,
    isRead: (partition: number) => boolean
  ): readonly { readonly partition: number; readonly mark: number; readonly isIdle: boolean }[] {
    return this.#waited.map(partition => {
      const isSilent = elapsed - this.#seen[partition]! >= this.#idleTimeout
      const isIdle = isSilent && isRead(partition)
      const mark = this.#marks[partition]!
      if (isIdle) this.#idle.set(partition, null)
      else if ((this.#idle.get(partition) ?? Infinity) <= mark) this.#idle.delete(partition)
      return { partition, mark, isIdle }
    })
  }

  /** The partitions that others went on without, nobody knows how far. */
  get passed(): readonly number[] {
    return [...this.#idle].flatMap(([partition, mark]) => (mark === null ? [partition] : []))
  }

  /** Others wait for a partition again, and came no further than this without it. */
  waitedFor(partition: number, latest: number): void {
    this.#idle.set(partition, latest)
  }

  /** What whoever has the partition next has to know. */
  time(partition: number): PartitionTime {
    const mark = this.#marks[partition] ?? -Infinity
    return { mark: mark === -Infinity ? null : mark, wasIdle: this.#idle.has(partition) }
  }

  /** As somebody left it who had the partition before. */
  takeOver(partition: number, { mark, wasIdle }: PartitionTime): void {
    if (mark !== null) this.restore([[partition, mark]])
    if (wasIdle) this.#idle.set(partition, null)
  }

  /** The watermarks of the partitions that have one: what a restart has to know. */
  save(): readonly (readonly [partition: number, mark: number])[] {
    return [...this.#marks].flatMap((mark, partition) =>
      mark === -Infinity ? [] : [[partition, mark] as const]
    )
  }

  restore(marks: ReturnType<SourceClock['save']>): void {
    for (const [partition, mark] of marks) {
      if (partition >= this.#marks.length) this.#grow(partition)
      this.#marks[partition] = mark
    }
  }

  #grow(partition: number): void {
    const size = Math.max(partition + 1, 2 * this.#marks.length)
    const marks = new Float64Array(size).fill(-Infinity)
    marks.set(this.#marks)
    const seen = new Float64Array(size)
    seen.set(this.#seen)
    this.#marks = marks
    this.#seen = seen
  }
}
