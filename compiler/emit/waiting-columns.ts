import { js, type Code } from '../code/index.ts'
import type { Column } from '../types/index.ts'
import { textOfBytes } from './compared-text.ts'
import { bind, type FunctionContext } from './function-context.ts'
import type { Module } from './module.ts'
import { type CopyRange, type Value, withNull } from './value.ts'

/** A column of a row that waits. */
export interface Kept {
  readonly index: number
  /** Statements that put the column into row `row`. */
  store(waiting: Code, row: Code): readonly Code[]
  load(waiting: Code): Value
}

/** How many columns of each kind a WaitingRows has. */
export interface WaitingCounts {
  doubles: number
  ranges: number
  values: number
}

/** The rows that wait for a model or a table. What a batch left behind that did not come to its end is forgotten at the next start. */
export function declareWaiting(
  what: string,
  counts: Readonly<WaitingCounts>,
  module: Module
): Code {
  const waiting = module.scope.name(`waiting for ${what}`)
  const { doubles, ranges, values } = counts
  module.constants.line(
    js`const ${waiting} = new ${module.use('WaitingRows')}(${doubles}, ${ranges}, ${values})`
  )
  module.opening.push(js`${waiting}.clear()`)
  return waiting
}

/** Where a column of a row waits: its bytes' place, a double or a value, whatever is needed later. */
export function keepColumn(
  index: number,
  value: Value,
  column: Column,
  counts: WaitingCounts,
  cx: FunctionContext
): Kept {
  const { copy, nulls } = value
  const hasValue = value.code.text !== 'null' && value.isUnread !== true
  const parts: Kept[] = []
  if (copy !== undefined) parts.push(keepRange(index, value, counts, cx.module))
  if (hasValue) {
    const isNumber = nulls !== 'null' && isDoubleKind(column)
    parts.push(
      isNumber ? keepNumber(index, value, counts) : keepValue(index, value, column, counts, cx)
    )
  }
  if (parts.length === 0) return { index, store: () => [], load: () => value }
  if (parts.length === 1) return parts[0]!
  const [range, rest] = parts
  return {
    index,
    store: (waiting, row) => [...range!.store(waiting, row), ...rest!.store(waiting, row)],
    load: waiting => {
      const { copy: kept } = range!.load(waiting)
      return { ...rest!.load(waiting), ...(kept === undefined ? {} : { copy: kept }) }
    }
  }
}

function isDoubleKind({ type }: Column): boolean {
  return ['SmallInt', 'Int', 'Real', 'Double', 'Date', 'Time', 'Timestamp', 'TimestampTz'].includes(
    type.kind
  )
}

/** The batch stays until its rows are through, so a place in it is enough. */
function keepRange(
  index: number,
  value: Value,
  counts: { ranges: number; values: number },
  module: Module
): Kept {
  const copy = value.copy!
  const slot = counts.ranges++
  const { instead } = copy
  const valueSlot = instead === null ? null : counts.values++
  return {
    index,
    store: (waiting, row) => [
      js`${waiting}.ranges[${slot}]![${row} * 2] = ${copy.start}`,
      js`${waiting}.ranges[${slot}]![${row} * 2 + 1] = ${copy.end}`,
      ...(instead === null ? [] : [js`${waiting}.values[${valueSlot}]![${row}] = ${instead.code}`])
    ],
    load: waiting => {
      const kept: CopyRange = {
        ...copy,
        start: js`${waiting}.ranges[${slot}]![w * 2]!`,
        end: js`${waiting}.ranges[${slot}]![w * 2 + 1]!`,
        instead:
          instead === null
            ? null
            : { ...instead, code: js`${waiting}.values[${valueSlot}]![w] as ${instead.type}` }
      }
      const nulls = value.nulls === 'never' ? 'never' : 'null'
      if (value.isUnread === true) return textOfBytes(kept, nulls, module)
      return { code: js`null`, nulls, simple: true, copy: kept }
    }
  }
}

function keepNumber(index: number, value: Value, counts: { doubles: number }): Kept {
  const slot = counts.doubles++
  return {
    index,
    store: (waiting, row) => [js`${waiting}.doubles[${slot}]![${row}] = ${value.code}`],
    load: waiting => ({
      code: js`${waiting}.doubles[${slot}]![w]!`,
      nulls: value.nulls,
      simple: true
    })
  }
}

function keepValue(
  index: number,
  value: Value,
  { type }: Column,
  counts: { values: number },
  { module }: FunctionContext
): Kept {
  const slot = counts.values++
  const nullable = value.nulls !== 'never'
  return {
    index,
    store: (waiting, row) => [js`${waiting}.values[${slot}]![${row}] = ${withNull(value)}`],
    load: waiting => ({
      code: js`${waiting}.values[${slot}]![w] as ${module.type(type, nullable)}`,
      nulls: nullable ? 'null' : 'never',
      simple: false
    })
  }
}

/** The row as it is when it has waited: kept columns under their old indexes, nothing in place of the others. */
export function loadColumns(
  keeps: readonly Kept[],
  columns: readonly Column[],
  waiting: Code,
  cx: FunctionContext
): Value[] {
  const row: Value[] = columns.map(() => ({ code: js`null`, nulls: 'null', simple: true }))
  for (const { index, load } of keeps) {
    const value = load(waiting)
    row[index] = value.code.text === 'null' ? value : bind(value, cx, columns[index]!.name)
  }
  return row
}
