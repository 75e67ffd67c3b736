import { js, type Code, pascalCase } from '../code/index.ts'
import type { BoundColumn, Decoder, SourceTask } from '../ir/index.ts'
import { showType } from '../types/index.ts'
import { emitKeys, type FieldRead, groupByKey } from './emit-keys.ts'
import { type Module, placeText } from './module.ts'
import { makeSlots, type Slots } from './slots.ts'
import type { Value } from './value.ts'

/** What the loop over a source's batch needs of its decoder. */
export interface EmittedDecoder {
  /** Code for the start of the loop's body: rejects and goes on where the record is bad. Null: nothing is decoded. */
  readonly guard: (() => void) | null
  /** The row that leaves the decoder; to be called once per loop, it names what is parsed. */
  row(bind: (hint: string, code: Code) => Code): Value[]
}

/**
 * Emits `decodeX(bytes, start, end)`: one pass over the JSON object that fills the slots of one reused row. See
 * runtime/codec/index.ts for the primitives and for the shape.
 */
export function emitDecoder(task: SourceTask, module: Module): EmittedDecoder {
  const { source, decoder } = task
  const slots = makeSlots(source.name, module)
  const reads = planReads(decoder, source.timestampUnit, slots)
  const fields = reads.flatMap(read => read.field ?? [])
  const isJson =
    source.format === 'json' && source.columns.some(({ from }) => from.kind === 'Field')
  const row: EmittedDecoder['row'] = bind =>
    reads.slice(0, decoder.columns.length).map(read => read.value(bind))
  if (!isJson) return { guard: null, row }
  const name = module.scope.name(`decode ${pascalCase(source.name)}`)
  const labels = module.scope.constant(`${source.name} columns`)
  const groups = groupByKey(fields)
  module.body.comment(
    `${source.name}: reads ${count(decoder)} of ${source.columns.length} columns. ${placeText(source.span)}`
  )
  slots.declare()
  module.body.line(
    js`const ${labels} = [${groups.map(group => js`{ name: ${group[0]!.label.name}, type: ${group[0]!.label.type} }`)}]`
  )
  emitKeys({ name, groups, slots, module, title: `${source.name}` })
  return { guard: () => emitGuard(name, labels, module), row }
}

function count({ columns, checks }: Decoder): number {
  return columns.length + checks.length
}

/** UTF-8 first, the decoder then; a bad record is handed over and the loop goes on. */
function emitGuard(decode: Code, labels: Code, module: Module): void {
  const { body, use } = module
  const isUtf8 = js`batch.utf8 || start < 0 || ${use('isUtf8Range')}(bytes, start, end)`
  const bad = js`${use('failure')}(${use('Bad')}.utf8, ${use('NO_COLUMN')})`
  body.line(js`const start = batch.valueStart[i]!`)
  body.line(js`const end = batch.valueEnd[i]!`)
  body.line(js`const status = ${isUtf8} ? ${decode}(bytes, start, end) : ${bad}`)
  body.if(js`status !== ${use('DecodeStatus')}.Ok`, () => {
    body.line(js`batch.reject(i, ${use('recordError')}(status, start, ${labels}))`)
    body.line(js`continue`)
  })
}

interface ColumnRead {
  readonly field: FieldRead[] | null
  value(bind: (hint: string, code: Code) => Code): Value
}

function planReads(decoder: Decoder, unit: string | null, slots: Slots): ColumnRead[] {
  const reads = decoder.columns.map(({ column, copied, parsed }): ColumnRead => {
    const { from } = column
    if (from.kind !== 'Field')
      return { field: null, value: bind => outsideValue(column, slots, bind) }
    const read = slots.read(column, { copied, parsed, unit: unit ?? 'auto' })
    return {
      field: [fieldOf(column, from.path, read.read, read.reset, read.isNull)],
      value: read.value
    }
  })
  const checks = decoder.checks.map((column): ColumnRead => {
    const read = slots.read(column, { copied: true, parsed: false, unit: unit ?? 'auto' })
    const path = column.from.kind === 'Field' ? column.from.path : []
    const field =
      path.length === 0 ? null : [fieldOf(column, path, read.read, read.reset, read.isNull)]
    return { field, value: read.value }
  })
  return [...reads, ...checks]
}

function fieldOf(
  column: BoundColumn,
  path: readonly (string | number)[],
  read: FieldRead['read'],
  reset: FieldRead['reset'],
  isNull: Code
): FieldRead {
  const label = { name: column.name, type: showType(column.type) }
  return { label, path: path.map(String), read, reset, isNull, notNull: column.notNull }
}

/** Columns that are not in the document: the whole value, and what Kafka says of the record. */
function outsideValue(
  { name, from }: BoundColumn,
  slots: Slots,
  bind: (hint: string, code: Code) => Code
): Value {
  const { use } = slots.module
  if (from.kind === 'Value') {
    return { code: bind(name, js`${use('valueText')}(batch, i)`), nulls: 'null', simple: true }
  }
  const what = from.kind === 'Metadata' ? from.what : 'topic'
  switch (what) {
    case 'key':
      return { code: bind(name, js`${use('keyText')}(batch, i)`), nulls: 'null', simple: true }
    case 'topic':
      return { code: js`${slots.topic}`, nulls: 'never', simple: true }
    case 'partition':
    case 'offset':
    case 'timestamp': {
      const array = {
        partition: js`batch.partition`,
        offset: js`batch.offset`,
        timestamp: js`batch.timestamp`
      }[what]
      const code = bind(name, js`${array}[i]!`)
      return { code, nulls: 'never', simple: true }
    }
  }
}
