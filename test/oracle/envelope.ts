import { Failure } from './failure.ts'
import { type Json, parseJson } from './json.ts'
import type { InputRecord } from './value.ts'

/** A change as Debezium tells it. */
export interface Envelope {
  readonly op: string
  /** The row after the change; before it for a delete; null for a truncate. */
  readonly row: Uint8Array | null
}

export function readEnvelope(record: InputRecord): Envelope {
  const outer = parseObject(decode(record.value!))
  const payload = outer.get('payload')
  const members = payload?.kind === 'Object' ? payload.members : outer
  const op = members.get('op')
  const code = op?.kind === 'String' ? op.value : ''
  if (code === 't') return { op: 't', row: null }
  const row = members.get(code === 'd' ? 'before' : 'after')
  if (!['c', 'u', 'r', 'd'].includes(code) || row?.kind !== 'Object') {
    throw new Failure('not-a-change', 'no change')
  }
  return { op: code, row: new TextEncoder().encode(row.text) }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Failure('invalid-utf8', 'not UTF-8')
  }
}

function parseObject(text: string): ReadonlyMap<string, Json> {
  if (text === '') throw new Failure('empty-value', 'empty')
  const json = parseJson(text, 512)
  if (json.kind !== 'Object') throw new Failure('not-an-object', 'not an object')
  return json.members
}
