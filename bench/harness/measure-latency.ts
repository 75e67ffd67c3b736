import { setTimeout as sleep } from 'node:timers/promises'
import { PARTITIONS } from './loaded-kafka.ts'
import { TopicConnection } from './topic-connection.ts'
import { ValueBatch } from './value-batch.ts'

/** Milliseconds from when a record was due to when its reader has it. */
export interface Latencies {
  readonly median: number
  readonly p99: number
  readonly p999: number
  readonly most: number
}

/** What comes first is for the just-in-time compiler. */
const WARM_UP = 5000
const DURATION = 20_000
const BATCH_BYTES = 1 << 16
/** A broker takes batches of up to a megabyte; after a stall there is more to send. */
const MOST_BYTES = 1 << 19
const COLON = 0x3a
const ZERO = 0x30
const NOTE = 'x'.repeat(80)
/** Numbers begin here, so that all have ten digits and records one length: who measures should make no garbage of his own. */
const FIRST = 1_000_000_000
const DIGITS = 10

/** What `measureLatency` writes, and has to come out again. */
export const latencySchema = 'id BIGINT, at BIGINT, note TEXT'

/** Record `id`, due at `at` microseconds: both below nine billion. The bytes are good until the next one is made. */
export function latencyRecord(id: number, at: number): Uint8Array {
  writeNumber(ID_PLACE, id)
  writeNumber(AT_PLACE, at)
  return record
}

const ID = '{"id":'
const AT = ',"at":'
const ID_PLACE = ID.length
const AT_PLACE = ID_PLACE + DIGITS + AT.length
const record = Buffer.from(`${ID}${FIRST}${AT}${FIRST},"note":"${NOTE}"}`)

function writeNumber(place: number, number: number): void {
  let left = FIRST + number
  for (let pos = place + DIGITS - 1; pos >= place; pos--) {
    const rest = Math.floor(left / 10)
    record[pos] = ZERO + left - rest * 10
    left = rest
  }
}

/**
 * Writes about 130 bytes `rate` times a second, and reads what comes of it, as far as it is committed. A record's time is when it was
 * due, not when its writer got round to it: while the pipeline or the broker stalls, those that wait are counted too.
 */
export async function measureLatency(
  brokers: string,
  input: string,
  output: string,
  rate: number
): Promise<Latencies> {
  const writer = await TopicConnection.open(brokers, input)
  const reader = await TopicConnection.open(brokers, output)
  const latencies = new Float64Array((DURATION / 1000) * rate)
  let [count, seen, sent] = [0, 0, 0]
  let isOver = false
  const began = performance.now()
  const reading = (async () => {
    const offsets = new Map(Array.from({ length: PARTITIONS }, (_, i) => [i, 0]))
    while (!isOver) {
      await reader.fetch(offsets, (bytes, start) => {
        const due = timeOf(bytes, start)
        if (due >= WARM_UP * 1000) latencies[count++] = performance.now() - began - due / 1000
        seen++
      })
    }
  })()
  const batches = Array.from({ length: PARTITIONS }, () => new ValueBatch(BATCH_BYTES))
  const total = ((WARM_UP + DURATION) / 1000) * rate
  const failures: unknown[] = []
  while (sent < total && failures.length === 0) {
    const due = Math.min(total, Math.floor(((performance.now() - began) / 1000) * rate))
    for (; sent < due && batches[sent % PARTITIONS]!.length < MOST_BYTES; sent++) {
      const at = Math.round((sent / rate) * 1e6)
      batches[sent % PARTITIONS]!.add(latencyRecord(sent, at))
    }
    const full = [...batches.entries()].filter(([, batch]) => batch.count > 0)
    // The next ones do not wait until these are acknowledged.
    const appended = new Map(full.map(([i, batch]) => [i, batch.take(Date.now())]))
    if (full.length > 0) writer.append(appended).catch((error: unknown) => failures.push(error))
    await sleep(1)
  }
  const deadline = performance.now() + 10_000
  while (seen < sent && performance.now() < deadline) await sleep(20)
  isOver = true
  await reading
  reader.close()
  writer.close()
  if (failures.length > 0) throw failures[0] as Error
  if (seen !== sent) throw new Error(`${seen} of ${sent} records came`)
  const sorted = latencies.subarray(0, count).sort()
  const at = (share: number): number => sorted[Math.floor(count * share)]!
  return { median: at(0.5), p99: at(0.99), p999: at(0.999), most: sorted[count - 1]! }
}

/** The number behind the second colon: when a record was due, in microseconds. */
function timeOf(bytes: Uint8Array, start: number): number {
  let pos = start
  for (let colons = 0; colons < 2; pos++) if (bytes[pos] === COLON) colons++
  let time = 0
  for (let digit; (digit = bytes[pos]! - ZERO) >= 0 && digit < 10; pos++) time = time * 10 + digit
  return time - FIRST
}
