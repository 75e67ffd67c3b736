import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { closingEvent, defaultNexmark, nexmarkEvents } from '../../data/nexmark/index.ts'

const CHUNK = 1 << 22
const LINE_FEED = 10

/** Writes events, and one that closes their windows, as lines of JSON, a few megabytes at a time. */
export function writeEvents(path: string, count: number): void {
  const file = openSync(path, 'w')
  let lines = ''
  for (const event of nexmarkEvents(defaultNexmark, count)) {
    lines += `${JSON.stringify(event)}\n`
    if (lines.length > CHUNK) {
      writeSync(file, lines)
      lines = ''
    }
  }
  writeSync(file, `${lines}${JSON.stringify(closingEvent(defaultNexmark, count))}\n`)
  closeSync(file)
}

/** Reads them back, a few megabytes at a time. */
export class EventReader {
  readonly #file: number
  #buffer = Buffer.alloc(0)
  #at = 0

  constructor(path: string) {
    this.#file = openSync(path, 'r')
  }

  /** Fewer than `max` only at the end; they stay valid. */
  read(max: number): readonly Uint8Array[] {
    const events: Uint8Array[] = []
    while (events.length < max) {
      const end = this.#buffer.indexOf(LINE_FEED, this.#at)
      if (end >= 0) {
        events.push(this.#buffer.subarray(this.#at, end))
        this.#at = end + 1
      } else if (!this.#refill()) break
    }
    return events
  }

  close(): void {
    closeSync(this.#file)
  }

  /** Keeps what is left of a line in front of the next chunk. False: there is none. */
  #refill(): boolean {
    const rest = this.#buffer.subarray(this.#at)
    const next = Buffer.allocUnsafe(rest.length + CHUNK)
    rest.copy(next)
    const read = readSync(this.#file, next, rest.length, CHUNK, null)
    this.#buffer = next.subarray(0, rest.length + read)
    this.#at = 0
    return read > 0
  }
}
