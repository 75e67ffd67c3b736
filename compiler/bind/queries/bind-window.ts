import type { CallArgument, Expression, WindowRelation } from '../../ast/index.ts'
import { windowArguments, windowSlide, windowTime } from '../../diagnostics/bind-groups.ts'
import { windowTables } from '../../functions/index.ts'
import {
  type BoundRelation,
  type Expr,
  intervalParts,
  makeColumn,
  makeLiteral,
  makeSelect,
  timeOf
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import { type Column, INTERVAL, showType } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { applyFunction } from '../expressions/apply-function.ts'
import { bindExpr } from '../expressions/bind-expr.ts'
import { coerce } from '../expressions/coerce.ts'
import type { CommonTables } from './with-tables.ts'
import { bindRelation, nameInput } from './bind-select.ts'
import type { Input } from './input.ts'
import { unnestOf } from './bind-unnest.ts'
import { namesOf } from './names-in-scope.ts'

type Aligned = Exclude<WindowRelation['function'], 'SESSION'>

/**
 * FROM TUMBLE, HOP or CUMULATE: the rows of its input, once per window that they are in, with window_start, window_end and
 * window_time behind their columns. Null after a diagnostic.
 */
export function bindWindow(
  node: WindowRelation & { readonly function: Aligned },
  tables: CommonTables,
  cx: BindContext
): Input | null {
  const { function: kind, span } = node
  const input = bindRelation(node.input, tables, cx)
  const lengths = bindLengths(kind, node.args, span, cx)
  if (input === null || lengths === null) return null
  const time = bindTime(node, input, cx)
  if (time === null) return null
  const windows =
    kind === 'TUMBLE'
      ? tumble(input.relation, time, lengths, span, cx)
      : hop(kind, input.relation, time, lengths, span, cx)
  return windows === null ? null : windowInput(windows, input, time, node, cx)
}

/** The time that windows are made of; null after a diagnostic. */
export function bindTime(
  { function: kind, time }: WindowRelation,
  input: Input,
  cx: BindContext
): Expr | null {
  const expr = bindExpr(time, { bind: cx, names: namesOf(input.parts, cx) })
  const type = expr?.type ?? null
  if (type === null || type.kind === 'Timestamp' || type.kind === 'TimestampTz') return expr
  report(cx, windowTime(kind, showType(type), time.span))
  return null
}

/** The rows with what their windows are behind them, under the alias; null after a diagnostic. */
export function windowInput(
  windows: Windows,
  { relation }: Input,
  time: Expr,
  { alias, span }: WindowRelation,
  cx: BindContext
): Input | null {
  const named = nameInput(addColumns(windows, relation, span, cx), alias, cx)
  if (named === null || hasTime(relation, time, cx)) return named
  return { ...named, untimed: time }
}

interface Lengths {
  readonly step: Expr | null
  readonly size: Expr
  readonly offset: Expr | null
}

/** By position or by name; null after a diagnostic. */
function bindLengths(
  kind: Aligned,
  args: readonly CallArgument[],
  span: Span,
  cx: BindContext
): Lengths | null {
  const bound = bindArguments(kind, args, span, cx)
  if (bound === null) return null
  const [step, size] = kind === 'TUMBLE' ? [null, bound[0]] : [bound[0], bound[1]]
  if (size === null || size === undefined || step === undefined) return null
  if (kind !== 'TUMBLE' && step === null) return null
  if (kind === 'HOP') warnGaps(step!, size, cx)
  return { step, size, offset: bound.at(-1) ?? null }
}

/** What a window function takes behind its time, each null where it is left out or wrong; null after a diagnostic. */
export function bindArguments(
  kind: WindowRelation['function'],
  args: readonly CallArgument[],
  span: Span,
  cx: BindContext
): (Expr | null)[] | null {
  const names = windowTables[kind].parameters
  const given = new Map<string, Expression>()
  args.forEach(({ name, value }, i) => given.set(name?.name.toUpperCase() ?? names[i] ?? '', value))
  const isWrong = [...given.keys()].some(name => !names.includes(name))
  const isMissing = names.some(name => name !== 'OFFSET' && !given.has(name))
  if (isWrong || isMissing || given.size !== args.length) {
    report(cx, windowArguments(kind, names, span))
    return null
  }
  return names.map(name => {
    const expression = given.get(name)
    const expr = expression === undefined ? null : bindExpr(expression, { bind: cx, names: null })
    return expr === null ? null : coerce(expr, INTERVAL, cx)
  })
}

/** Rows between two windows of a HOP are in none of them. */
function warnGaps(slide: Expr, size: Expr, cx: BindContext): void {
  const [step, width] = [slide, size].map(expr =>
    expr.kind === 'Literal' ? intervalParts(expr.value) : null
  )
  // Windows that count months are refused elsewhere.
  const areLengths = step?.months === 0 && width?.months === 0
  if (areLengths && step.ms > width.ms) report(cx, windowSlide(slide.span))
}

/** Whether the time may be the one that the source's watermark is for, or is that of the clock: else nothing closes the windows. */
function hasTime(relation: BoundRelation, time: Expr, cx: BindContext): boolean {
  if (relation.kind !== 'SourceScan' || time.kind !== 'Column') return true
  const source = [...cx.sources.values()].find(({ name }) => name === relation.source)
  const from = source?.columns[time.index]?.from
  const isClock = from?.kind === 'Generated' && timeOf(from.expr, []) !== null
  return isClock || source?.watermark?.column === time.index
}

/** A relation with the end of a window behind its columns, and the window's start over it. */
export interface Windows {
  readonly relation: BoundRelation
  readonly start: Expr
  readonly end: Expr
}

function tumble(
  relation: BoundRelation,
  time: Expr,
  { size, offset }: Lengths,
  span: Span,
  cx: BindContext
): Windows | null {
  const args = offset === null ? [size, time] : [size, time, offset]
  const start = applyFunction('time_bucket', args, span, cx)
  const end = start === null ? null : applyFunction('add', [start, size], span, cx)
  return start === null || end === null ? null : { relation, start, end }
}

function hop(
  kind: 'HOP' | 'CUMULATE',
  input: BoundRelation,
  time: Expr,
  { step, size, offset }: Lengths,
  span: Span,
  cx: BindContext
): Windows | null {
  const rest = offset === null ? [] : [offset]
  const name = kind === 'HOP' ? 'hop_ends' : 'cumulate_ends'
  const array = applyFunction(name, [step!, size, time, ...rest], span, cx)
  if (array === null) return null
  const { columns } = input.schema
  const column: Column = { name: 'window_end', type: time.type, nullable: time.nullable }
  const relation = unnestOf(input, { array, join: 'INNER', columns: [column] }, span)
  const end = makeColumn(columns.length, column, span)
  const start =
    kind === 'HOP'
      ? applyFunction('subtract', [end, size], span, cx)
      : applyFunction('time_bucket', [size, time, ...rest], span, cx)
  return start === null ? null : { relation, start, end }
}

/** window_time is the last instant of the window: a time that later windows can be made of. */
function addColumns(
  { relation, start, end }: Windows,
  input: BoundRelation,
  span: Span,
  cx: BindContext
): BoundRelation {
  const { columns } = input.schema
  const instant = makeLiteral('PT0.001S', INTERVAL, span)
  const last = applyFunction('subtract', [end, instant], span, cx)!
  const items = [
    ...columns.map((column, i) => ({ name: column.name, expr: makeColumn(i, column, span) })),
    { name: 'window_start', expr: start },
    { name: 'window_end', expr: end },
    { name: 'window_time', expr: last }
  ]
  const schema = {
    columns: items.map(({ name, expr }) => ({ name, type: expr.type, nullable: expr.nullable }))
  }
  const query = makeSelect(relation, items, schema, span)
  return { kind: 'Derived', name: '', query, schema, span }
}
