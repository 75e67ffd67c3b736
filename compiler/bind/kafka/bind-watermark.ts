import type { CreateSource, Expression, SchemaElement, Watermark } from '../../ast/index.ts'
import {
  durationNeeded,
  duplicateWatermark,
  watermarkColumn,
  watermarkForm
} from '../../diagnostics/bind-groups.ts'
import { columnNotFound } from '../../diagnostics/bind.ts'
import { type BoundColumn, type BoundWatermark, intervalParts } from '../../ir/index.ts'
import { showType, type TypeKind } from '../../types/index.ts'
import { type BindContext, report } from '../context.ts'
import { bindExpr } from '../expressions/bind-expr.ts'
import { matchName } from '../names.ts'

/** Long enough for a pause between records, short enough that an empty partition is not the end of all windows. */
const IDLE_TIMEOUT = 30_000
const TIMES: ReadonlySet<TypeKind> = new Set(['Timestamp', 'TimestampTz', 'BigInt'])

/** The watermark of a source, null where it has none or after a diagnostic. */
export function bindWatermark(
  { schema }: CreateSource,
  columns: readonly BoundColumn[],
  cx: BindContext
): BoundWatermark | null {
  if (schema === null) return null
  const elements: readonly SchemaElement[] = schema.elements
  const [first, second] = elements.filter(element => element.kind === 'Watermark')
  if (first === undefined) return null
  if (second !== undefined) report(cx, duplicateWatermark(second.span, first.span))
  const column = findColumn(first, columns, cx)
  if (column === null) return null
  const delay = bindDelay(first, column, columns, cx)
  if (delay === null) return null
  return Object.freeze({
    column,
    delay,
    idleTimeout: optionalDuration('IDLE TIMEOUT', first.idleTimeout, cx) ?? IDLE_TIMEOUT,
    maxFutureSkew: optionalDuration('MAX FUTURE SKEW', first.maxFutureSkew, cx)
  })
}

function findColumn(
  { column }: Watermark,
  columns: readonly BoundColumn[],
  cx: BindContext
): number | null {
  const match = matchName(column, columns, ({ name }) => name)
  if (match.kind !== 'Found') {
    const names = columns.map(({ name }) => name)
    report(cx, columnNotFound(column.name, column.span, names))
    return null
  }
  const { name, type } = match.value
  if (TIMES.has(type.kind)) return columns.indexOf(match.value)
  report(cx, watermarkColumn(name, showType(type), column.span))
  return null
}

/** `column` or `column - INTERVAL`: how far it stays behind, in ms; null after a diagnostic. */
function bindDelay(
  { column, expression }: Watermark,
  index: number,
  columns: readonly BoundColumn[],
  cx: BindContext
): number | null {
  const isColumn = (operand: Expression): boolean => {
    if (operand.kind !== 'Name' || operand.name.parts.length > 1) return false
    const match = matchName(operand.name.parts[0]!, columns, ({ name }) => name)
    return match.kind === 'Found' && columns.indexOf(match.value) === index
  }
  if (isColumn(expression)) return 0
  if (expression.kind === 'Binary' && expression.operator === '-' && isColumn(expression.left)) {
    return bindDuration('a watermark', expression.right, cx)
  }
  report(cx, watermarkForm(column.name, expression.span))
  return null
}

function optionalDuration(
  what: string,
  expression: Expression | null,
  cx: BindContext
): number | null {
  return expression === null ? null : bindDuration(what, expression, cx)
}

/** A constant interval in milliseconds; null after a diagnostic. */
function bindDuration(what: string, expression: Expression, cx: BindContext): number | null {
  const expr = bindExpr(expression, { bind: cx, names: null })
  if (expr === null) return null
  const isInterval = expr.kind === 'Literal' && expr.type.kind === 'Interval'
  const parts = isInterval ? intervalParts(expr.value) : null
  const length = parts?.months === 0 ? parts.ms : null
  if (length === null) report(cx, durationNeeded(what, expression.span))
  return length
}
