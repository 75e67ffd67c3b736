import { js, type Code } from '../code/index.ts'
import type { BoundSink } from '../ir/index.ts'
import type { Column } from '../types/index.ts'
import { emitAvroRow } from './emit-avro-write.ts'
import { emitMembers } from './emit-members.ts'
import type { FunctionContext } from './function-context.ts'
import type { Value } from './value.ts'

/** A row in an envelope. */
export interface EnvelopeRow {
  /** Whether there is none; null: there is one. */
  readonly isNull: Code | null
  readonly values: readonly Value[]
}

/** A row before and after a change, each null where it is known not to be there, and what happened. */
export interface EnvelopeRows {
  readonly op: Code
  readonly before: EnvelopeRow | null
  readonly after: EnvelopeRow | null
}

/** Debezium's envelope around a row: `before`, `after`, `op`, `ts_ms`. */
export function emitEnvelope(
  sink: BoundSink,
  { before, after, op }: EnvelopeRows,
  columns: readonly Column[],
  writer: Code,
  cx: FunctionContext
): void {
  const { module, out } = cx
  const isAvro = sink.encoding === 'avro'
  const none = isAvro ? js`${writer}.zigzag(0)` : js`${writer}.null()`
  const write = (values: readonly Value[]): void => {
    if (!isAvro) return emitMembers(sink, values, columns, writer, cx)
    out.line(js`${writer}.zigzag(1)`)
    emitAvroRow(values, columns, writer, cx)
  }
  const orNull = (row: EnvelopeRow | null): void => {
    if (row === null) return out.line(none)
    const { isNull, values } = row
    if (isNull === null) return write(values)
    out.if(
      isNull,
      () => out.line(none),
      () => write(values)
    )
  }
  const now = js`${module.clock()}.now()`
  if (isAvro) {
    out.line(js`${writer}.frame()`)
    orNull(before)
    orNull(after)
    out.line(js`${writer}.sizedText(${op})`)
    out.line(js`${writer}.zigzag(1)`)
    return out.line(js`${writer}.zigzag(${now})`)
  }
  const raw = (hint: string, text: string): void => {
    out.line(js`${writer}.raw(${module.constant(hint, js`${module.use('ascii')}(${text})`)})`)
  }
  raw('before key', '{"before":')
  orNull(before)
  raw('after key', ',"after":')
  orNull(after)
  raw('op key', ',"op":')
  out.line(js`${writer}.string(${op})`)
  raw('ts key', ',"ts_ms":')
  out.line(js`${writer}.int(${now})`)
  raw('end', '}')
}
