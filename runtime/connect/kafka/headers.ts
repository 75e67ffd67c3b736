import type { RecordHeader } from '../../contract/index.ts'

/** librdkafka's binding takes each header as an object with one member. */
export function writeHeaders(headers: readonly RecordHeader[]): object[] {
  return headers.map(({ key, value }) => ({ [key]: Buffer.from(value ?? []) }))
}
