/**
 * How far a channel of an exchange is: one partition of a source, or one task of a stage. A mark is in ms since the epoch; null:
 * none yet. `isIdle`: nobody waits for it. `clock`: what it is a time of; absent: of events.
 */
export type ChannelMark = readonly [
  source: string,
  /** How many channels the source has. */
  channels: number,
  channel: number,
  mark: number | null,
  isIdle: boolean,
  clock?: 'processing'
]

interface Channel {
  mark: number
  isIdle: boolean
}

/**
 * The event time of what comes through an exchange, or the processing time at which it was sent: the lowest of those of all channels, which tell it in the exchange itself,
 * behind the rows that it holds for. It is not known before each has told it.
 */
export class ExchangeClock {
  readonly #sources: readonly string[]
  readonly #channels = new Map<string, Map<number, Channel>>()
  readonly #counts = new Map<string, number>()
  #partitions: readonly number[] = []

  constructor(sources: readonly string[]) {
    this.#sources = sources
  }

  /** A time never goes back: a channel that another process tells of now begins with what was told before. */
  hear(marks: readonly ChannelMark[]): void {
    for (const [source, count, channel, mark, isIdle] of marks) {
      const channels = this.#channels.get(source) ?? new Map<number, Channel>()
      this.#channels.set(source, channels)
      this.#counts.set(source, Math.max(count, this.#counts.get(source) ?? 0))
      const before = channels.get(channel)?.mark ?? -Infinity
      channels.set(channel, { mark: Math.max(before, mark ?? -Infinity), isIdle })
    }
  }

  /** The lowest watermark of the channels that are waited for, Infinity where none is. */
  awaited(): number {
    let lowest = Infinity
    for (const source of this.#sources) {
      const channels = this.#channels.get(source)
      if (channels === undefined || channels.size < this.#counts.get(source)!) return -Infinity
      for (const { mark, isIdle } of channels.values()) {
        if (!isIdle && mark < lowest) lowest = mark
      }
    }
    return lowest
  }

  /** The latest watermark of a channel. */
  get latest(): number {
    let latest = -Infinity
    for (const channels of this.#channels.values()) {
      for (const { mark } of channels.values()) latest = Math.max(latest, mark)
    }
    return latest
  }

  /** What the task itself tells of its time. */
  marks(): readonly {
    readonly partition: number
    readonly mark: number
    readonly isIdle: boolean
  }[] {
    const awaited = this.awaited()
    const isIdle = awaited === Infinity
    const mark = isIdle ? this.latest : awaited
    return this.#partitions.map(partition => ({ partition, mark, isIdle }))
  }

  assign(partitions: readonly number[]): void {
    this.#partitions = [...partitions]
  }

  /** Batches do not move it. */
  tick(): void {}

  /** What a restart has to know. */
  save(): readonly ChannelMark[] {
    return [...this.#channels].flatMap(([source, channels]) =>
      [...channels].map(([channel, { mark, isIdle }]): ChannelMark => {
        return [
          source,
          this.#counts.get(source)!,
          channel,
          mark === -Infinity ? null : mark,
          isIdle
        ]
      })
    )
  }

  restore(marks: readonly ChannelMark[]): void {
    this.hear(marks)
  }
}
