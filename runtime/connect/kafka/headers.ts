import type { RecordHeader } from '../../contract/index.ts'

/** librdkafka's binding gives each header as an object with one member. */
export function readHeaders({
  headers
}: {
  readonly headers?: readonly object[] | undefined
}): RecordHeader[] {
  return (headers ?? []).flatMap(header =>
    Object.entries(header as Record<string, string | Uint8Array | null>).map(([key, value]) => ({
      key,
      value: typeof value === 'string' ? Buffer.from(value) : value
    }))
  )
}

export function writeHeaders(headers: readonly RecordHeader[]): object[] {
  return headers.map(({ key, value }) => ({ [key]: Buffer.from(value ?? []) }))
}
