import type { Batch } from '../contract/index.ts'
import type { ChannelMark } from '../time/exchange-clock.ts'

const decoder = new TextDecoder()
/** `[`: no row begins with it. */
const MARK = 0x5b

/** What a record of an exchange tells, as `ExchangeMarks` writes it; null: it is a row. */
export function readMarks(batch: Batch, record: number): readonly ChannelMark[] | null {
  const start = batch.valueStart[record]!
  if (start < 0 || batch.bytes[start] !== MARK) return null
  const text = decoder.decode(batch.bytes.subarray(start, batch.valueEnd[record]))
  return JSON.parse(text) as readonly ChannelMark[]
}
