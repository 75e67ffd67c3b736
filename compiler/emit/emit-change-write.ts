import { js, type Code } from '../code/index.ts'
import type { StepOf } from '../ir/index.ts'
import type { Column } from '../types/index.ts'
import { emitKey, emitObject } from './emit-write.ts'
import type { TableContext } from './emit-table.ts'
import type { FunctionContext } from './function-context.ts'
import { placeOf, placeText } from './module.ts'
import { simpleValue, type Value } from './value.ts'

/** A change in generated code: its kind, and tuples or null. */
export interface ChangeNames {
  readonly op: Code
  readonly before: Code
  readonly after: Code
}

/** One record for a change of a row, in the sink's format. */
export function emitChangeWrite(
  { sink, schema, span }: StepOf<'Write'>,
  change: ChangeNames,
  cx: FunctionContext,
  writerOf: TableContext['writer']
): void {
  const { out, module, scope } = cx
  const { columns } = schema
  const writer = writerOf(sink.name)
  const row = scope.name(`${sink.name} row`)
  const object = (tuple: Code): void =>
    emitObject(sink, [...columns.keys()], tupleValues(columns, tuple), columns, writer, cx)
  const end = (): void => {
    if (!columns.some(isDouble)) out.line(js`${writer}.end()`)
    else out.line(js`if (!${writer}.end()) ${module.use('failNotFinite')}(${module.site(span)})`)
  }
  out.comment(`${placeText(span)} ${sink.name}`)
  // A delete is told by the row as it was.
  out.line(js`const ${row} = (${change.after} ?? ${change.before})!`)
  out.line(js`${writer}.beginChange(${change.op})`, placeOf(span))
  emitKey(sink, tupleValues(columns, row), columns, writer, cx)
  if (sink.format === 'upsert') {
    const write = (): void => {
      object(change.after)
      end()
    }
    out.if(js`${change.after} === null`, () => out.line(js`${writer}.endDeleted()`), write)
    return
  }
  if (sink.format === 'debezium') emitDebezium(change, writer, object, cx)
  else object(row)
  end()
}

function isDouble({ type }: Column): boolean {
  return type.kind === 'Double' || type.kind === 'Real'
}

function tupleValues(columns: readonly Column[], tuple: Code): Value[] {
  return columns.map(({ nullable }, index) =>
    simpleValue(js`${tuple}[${index}]`, nullable ? 'null' : 'never')
  )
}

/** Debezium's envelope: `before`, `after`, `op`, `ts_ms`. */
function emitDebezium(
  { op, before, after }: ChangeNames,
  writer: Code,
  object: (tuple: Code) => void,
  { module, out }: FunctionContext
): void {
  const raw = (hint: string, text: string): void => {
    out.line(js`${writer}.raw(${module.constant(hint, js`${module.use('ascii')}(${text})`)})`)
  }
  const orNull = (tuple: Code): void =>
    out.if(
      js`${tuple} === null`,
      () => out.line(js`${writer}.null()`),
      () => object(tuple)
    )
  raw('before key', '{"before":')
  orNull(before)
  raw('after key', ',"after":')
  orNull(after)
  raw('op key', ',"op":')
  out.line(js`${writer}.string(${op})`)
  raw('ts key', ',"ts_ms":')
  out.line(js`${writer}.int(${module.clock()}.now())`)
  raw('end', '}')
}
