/**
 * Decode and encode primitives that generated code calls.
 *
 * A generated decoder is one function `(bytes, start, end) -> DecodeStatus` over module-level slots of one reused row. It
 * validates the whole record (RFC 8259) and reads only its columns; see bench/cases/decoder for the shape:
 *
 *     const KEYS = keyTable(['id', 'amount'])     // column numbers are indexes into this list
 *     const range = new Int32Array(2)             // start, end of id
 *     const number = new Float64Array(1)          // amount
 *     export function decodeTxns(bytes: Uint8Array, start: number, end: number): DecodeStatus {
 *       range[0] = -1                             // a missing field is NULL
 *       number[0] = NaN
 *       let column = firstMember(KEYS, bytes, start, end)
 *       while (column >= 0) {
 *         const pos = cursor[0]!
 *         let next: number
 *         switch (column) {
 *           case 0: next = rangeBigInt(bytes, pos, end, range, 0); break
 *           default: next = readDouble(bytes, pos, end, number, 0)
 *         }
 *         if (next < 0) {                         // the last duplicate wins, so a later one may heal this
 *           next = superseded(KEYS, column, bytes, pos, end, next)
 *           if (next < 0) return failure(next, column)
 *         }
 *         column = nextMember(KEYS, bytes, next, end)
 *       }
 *       if (column !== END) return failure(column, NO_COLUMN)
 *       if (range[0] === -1) return failure(Bad.missing, 0)          // NOT NULL
 *       return DecodeStatus.Ok
 *     }
 *
 * Where the range of a text or of a BIGINT is all that is wanted of a column, `keyTable(names, ranges, texts, integers)` has the scanner
 * store it while it goes on to the next column; `ranges` is then `reserveRanges(n)`. What is not plain (an escape, null, an object) is
 * answered, so the `case` with `rangeText` stays.
 *
 * UTF-8 is the caller's: `if (!batch.utf8 && !isUtf8Range(bytes, start, end)) reject with failure(Bad.utf8, NO_COLUMN)`,
 * before the decoder runs. `start` -1 (null value) and an empty value are handled by `firstMember`.
 *
 * Slots and NULL: all numeric kinds share Float64Arrays, NULL is NaN (no JSON number is NaN). Ranges are pairs in an
 * Int32Array, `slot` being the index of the start; NULL is a start of -1. Text and decimals are in plain arrays, null is null.
 *
 * | read mode | primitive, after (bytes, pos, end) | stores | write it with |
 * |---|---|---|---|
 * | DOUBLE value | readDouble(out, slot) | number, NaN | double |
 * | DOUBLE copied | rangeDouble(range, slot) | range as written | copy |
 * | INT value | readInt(out, slot) | integer, NaN | int |
 * | INT copied | rangeInt(range, slot) | digits | copy |
 * | SMALLINT | readSmallInt, rangeSmallInt: as INT | | int, copy |
 * | BIGINT value | readBigInt(out, wide, slot) | bigintAt(out, wide, slot); out[slot] NaN: NULL | bigint |
 * | BIGINT copied | rangeBigInt(range, slot) | digits, no quotes | copy |
 * | BOOLEAN value or copied | readBoolean(out, slot) | 1, 0, NaN | boolean |
 * | TEXT value | readText(out, slot) | string, null | string |
 * | TEXT copied or compared | rangeText(range, slot) | textEquals, textAt | textRange |
 * | JSON value | readJson(out, slot) | raw text, null | json |
 * | JSON copied | rangeJson(range, slot) | range | copy |
 * | DECIMAL value | readDecimal(out, slot, precision, scale) | Decimal, null | decimal |
 * | DECIMAL copied | rangeDecimal(range, at, out, slot, precision, scale) | range, or -2 and the value | decimalRange |
 * | TIMESTAMP value or copied | readTimestamp(out, slot, unit) | ms, NaN | timestamp |
 * | TIMESTAMPTZ | readTimestamp: as TIMESTAMP | | timestamp |
 * | DATE value or copied | readDate(out, slot) | days, NaN | date |
 * | TIME value or copied | readTime(out, slot) | ms of the day, NaN | time |
 * | REAL value or copied | readReal(out, slot) | number, NaN | real |
 * | other types, value | readValue(slot, codec) | slot.value | codec.write |
 * | other types, copied | rangeValue(range, at, slot, codec) | range, or -2 and the value | writeRange |
 * | only NOT NULL checked | rangeX | | |
 *
 * A column both copied and parsed: call both primitives, from the same `pos`. `writer.copy` and `textRange` write null for
 * a start of -1; `double` and the other writers take a value, the caller tests NULL before.
 * INTERVAL, BYTES, arrays, ROW, MAP and VECTOR have codecs: see values/codec.ts.
 * A precision of 0 means a bare DECIMAL. TIMESTAMP units: 'auto', 's', 'ms', 'us', 'ns'.
 *
 * What is a bad record, beyond syntax: a JSON type that does not fit the column; 1.0 and 1e3 for INT and BIGINT (as in
 * PostgreSQL's integer input); integers beyond 32 or 64 bits; doubles beyond the largest; quoted numbers with anything but
 * a number in JSON's spelling, and for any type but BIGINT and DECIMAL; half a surrogate pair (\ud800) in a TEXT column that
 * is read (UTF-8 can't say it; in other fields it is only syntax); more than 512 levels; trailing bytes.
 *
 * Errors: `recordError(status, start, LABELS)` makes the RecordError for `batch.reject`; call it before the next decode.
 */
export * from './failure.ts'
export { keyTable, type KeyTable, reserveRanges } from './key-table.ts'
export { cursor, firstMember, nextMember, superseded } from './member.ts'
export { skipSpace } from './ascii.ts'
export { elementStart, MAX_DEPTH, skipValue, validateJson } from './skip.ts'
export {
  bigintAt,
  rangeBigInt,
  rangeDouble,
  rangeInt,
  readBigInt,
  readDouble,
  readInt
} from './read-number.ts'
export { rangeSmallInt, readSmallInt } from './read-small-int.ts'
export { readBoolean } from './read-boolean.ts'
export { rangeJson, rangeText, readJson, readText, textAt } from './read-text.ts'
export { rangeDecimal, readDecimal } from './read-decimal.ts'
export { readTimestamp } from './read-timestamp.ts'
export { readDate, readTime } from './read-date.ts'
export { readReal } from './read-real.ts'
export * from './values/index.ts'
export { asciiText, textConstant, type TextConstant, textEquals } from './string.ts'
export { isUtf8Range } from './utf8.ts'
export { allocateBytes, type ByteRegion, releaseBytes } from './arena.ts'
export { ascii, RecordWriter } from './record-writer.ts'
export { packHeaders, unpackHeaders } from './packed-headers.ts'
export { contextAmong, packedContext, TraceContextFinder } from './trace-context.ts'
export { ChangeCode, notAChange, readEnvelope } from './change-envelope.ts'
