/** A record of a topic, as fixtures write it: bytes that are no UTF-8 stand as base64. */
export interface FixtureRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timestamp: number
  readonly partition: number
  /** Of an input; a name may come several times. Of an output: those that are not the pipeline's own. */
  readonly headers?: readonly { readonly key: string; readonly value: Uint8Array | null }[]
  /** Of a dead letter: what its headers say. */
  readonly error: { readonly code: string; readonly column: string | null } | null
  /** Of a table's change: what the header `miracledb.op` says. */
  readonly op: 'c' | 'u' | 'd' | null
}

type Bytes = string | null | { readonly base64: string }

interface RecordLine {
  readonly key?: Bytes
  readonly value: Bytes
  readonly timestamp?: number
  readonly partition?: number
  readonly headers?: readonly (readonly [name: string, value: Bytes])[]
  readonly error?: FixtureRecord['error']
  readonly op?: FixtureRecord['op']
}

/** One record per line. */
export function parseRecords(text: string): FixtureRecord[] {
  const lines = text.split('\n').filter(line => line !== '')
  return lines.map(line => {
    const {
      key = null,
      value,
      timestamp = 0,
      partition = 0,
      headers = [],
      error = null,
      op = null
    } = JSON.parse(line) as RecordLine
    return {
      ...{ key: toBytes(key), value: toBytes(value), timestamp, partition, error, op },
      headers: headers.map(([name, bytes]) => ({ key: name, value: toBytes(bytes) }))
    }
  })
}

/** As expectations hold records: timestamps and partitions are not compared. */
export function showRecords(records: readonly FixtureRecord[]): string {
  return records
    .map(({ key, value, headers = [], error, op }) => {
      const line: RecordLine = {
        ...(key === null ? {} : { key: fromBytes(key) }),
        value: fromBytes(value),
        ...(headers.length === 0 || error !== null ? {} : { headers: headers.map(showHeader) }),
        ...(error === null ? {} : { error }),
        ...(op === null ? {} : { op })
      }
      return `${JSON.stringify(line)}\n`
    })
    .join('')
}

function showHeader({ key, value }: NonNullable<FixtureRecord['headers']>[number]) {
  return [key, fromBytes(value)] as const
}

export function toBytes(bytes: Bytes): Uint8Array | null {
  if (bytes === null) return null
  return typeof bytes === 'string'
    ? new TextEncoder().encode(bytes)
    : Uint8Array.from(Buffer.from(bytes.base64, 'base64'))
}

export function fromBytes(bytes: Uint8Array | null): Bytes {
  if (bytes === null) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') }
  }
}
