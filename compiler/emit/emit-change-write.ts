import { js, type Code } from '../code/index.ts'
import { plainColumn, type StepOf } from '../ir/index.ts'
import { emitArrowRow } from './emit-arrow-row.ts'
import { emitEnvelope, type EnvelopeRow } from './emit-envelope.ts'
import { emitKey, emitPlain, emitRow, refusalOf } from './emit-write.ts'
import type { SharedNames } from './task-context.ts'
import type { FunctionContext } from './function-context.ts'
import { placeOf, placeText } from './module.ts'
import { rowValues } from './value.ts'

/** A change in generated code: its kind, and tuples or null. */
export interface ChangeNames {
  readonly op: Code
  readonly before: Code
  readonly after: Code
}

/** One record for a change of a row, in the sink's format. */
export function emitChangeWrite(
  { sink, changes, schema, span }: StepOf<'Write'>,
  change: ChangeNames,
  /** The variable of the batch that takes rows that can't be written. */
  rows: Code,
  cx: FunctionContext,
  writerOf: SharedNames['writer']
): void {
  const { out, module, scope } = cx
  const { columns } = schema
  const writer = writerOf(sink, schema)
  const row = scope.name(`${sink.name} row`)
  const object = (tuple: Code): void => emitRow(sink, rowValues(schema, tuple), columns, writer, cx)
  const end = (): void => {
    // What could not be told when it came can't be told when it goes either.
    const onlyGoes = change.after.text === 'null'
    const refusal = onlyGoes ? null : refusalOf(sink, columns)
    if (refusal === null) out.line(js`${writer}.end()`)
    else {
      const error = js`${module.use(refusal)}(${module.site(span)})`
      out.line(js`if (!${writer}.end()) ${rows}.reject(0, ${error})`)
    }
  }
  out.comment(`${placeText(span)} ${sink.name}`)
  // A delete is told by the row as it was.
  out.line(js`const ${row} = ${toldRow(change)}`)
  const begin = changes === null ? js`beginAt(-1, -1, 0)` : js`beginChange(${change.op})`
  out.line(js`${writer}.${begin}`, placeOf(span))
  emitKey(sink, rowValues(schema, row), columns, writer, cx)
  const plain = plainColumn(sink, schema)
  if (plain !== null) {
    return emitPlain(rowValues(schema, row)[plain]!, columns[plain]!, writer, cx)
  }
  if (sink.format === 'arrow') {
    const reject = (error: Code): Code => js`${rows}.reject(0, ${error})`
    return emitArrowRow({ row: rowValues(schema, row), schema, writer, span, reject }, cx)
  }
  if (sink.format === 'upsert') {
    const write = (): void => {
      object(change.after)
      end()
    }
    out.if(js`${change.after} === null`, () => out.line(js`${writer}.endDeleted()`), write)
    return
  }
  if (sink.format === 'debezium') {
    const side = (tuple: Code): EnvelopeRow | null =>
      tuple.text === 'null'
        ? null
        : { isNull: js`${tuple} === null`, values: rowValues(schema, tuple) }
    const { op, before, after } = change
    const rows = { op, before: side(before), after: side(after) }
    emitEnvelope(sink, rows, columns, writer, cx)
  } else object(row)
  end()
}

/** The row that is, or else the one that was; one of them may be known not to be there. */
function toldRow({ before, after }: ChangeNames): Code {
  if (after.text === 'null') return before
  return before.text === 'null' ? after : js`(${after} ?? ${before})!`
}
