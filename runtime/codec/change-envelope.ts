import type { RecordError } from '../contract/index.ts'
import { OPEN_BRACE, QUOTE } from './ascii.ts'
import { Bad, bad, DecodeStatus, END, failure, NO_COLUMN, recordError } from './failure.ts'
import { keyTable } from './key-table.ts'
import { cursor, firstMember, nextMember } from './member.ts'
import { skipValue } from './skip.ts'

const KEYS = keyTable(['before', 'after', 'op', 'payload'])
const BEFORE = 0
const AFTER = 1
const OP = 2
const PAYLOAD = 3

/** Codes of the characters that Debezium calls changes by. */
export const ChangeCode = {
  create: 0x63,
  update: 0x75,
  delete: 0x64,
  read: 0x72,
  truncate: 0x74
} as const

/**
 * Debezium's envelope in [start, end), with its schema around it (`payload`) or without. Fills `out`: start and end of the row
 * before, of the row after (-1: there is none), and the code of the change. One pass; the rows inside are decoded by the caller.
 * https://debezium.io/documentation/reference/stable/connectors/postgresql.html#postgresql-events
 */
export function readEnvelope(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: Int32Array
): DecodeStatus {
  out.fill(-1)
  let member = firstMember(KEYS, bytes, start, end)
  let payload = -1
  let payloadEnd = -1
  while (member >= 0) {
    const pos = cursor[0]!
    const next = skipValue(bytes, pos, end)
    if (next < 0) return failure(next, NO_COLUMN)
    const isObject = bytes[pos] === OPEN_BRACE
    if (member === PAYLOAD && isObject) {
      payload = pos
      payloadEnd = next
    } else if (member === OP && bytes[pos] === QUOTE && next === pos + 3) out[4] = bytes[pos + 1]!
    else if (member === BEFORE || member === AFTER) {
      out[member * 2] = isObject ? pos : -1
      out[member * 2 + 1] = next
    }
    member = nextMember(KEYS, bytes, next, end)
  }
  if (member !== END) return failure(member, NO_COLUMN)
  if (payload >= 0) return readEnvelope(bytes, payload, payloadEnd, out)
  return isComplete(out) ? DecodeStatus.Ok : failure(bad(Bad.envelope, start), NO_COLUMN)
}

/** Each change has the row that it needs. */
function isComplete(out: Int32Array): boolean {
  switch (out[4]) {
    case ChangeCode.create:
    case ChangeCode.update:
    case ChangeCode.read:
      return out[AFTER * 2]! >= 0
    case ChangeCode.delete:
      return out[BEFORE * 2]! >= 0
    default:
      return out[4] === ChangeCode.truncate
  }
}

/** Why a record is rejected that is no change. */
export function notAChange(): RecordError {
  return recordError(failure(bad(Bad.envelope, 0), NO_COLUMN), 0, [])
}
