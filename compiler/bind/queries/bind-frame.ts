import type { Expression, Frame, FrameBound } from '../../ast/index.ts'
import { frameForm } from '../../diagnostics/over.ts'
import { intervalParts, type OverFrame } from '../../ir/index.ts'
import { report } from '../context.ts'
import { bindExpr } from '../expressions/bind-expr.ts'
import type { ExprContext } from '../expressions/expr-context.ts'

/** Without ORDER BY all rows of a partition have one place. */
export function bindFrame(
  frame: Frame | null,
  /** How many columns ORDER BY has. */
  ordered: number,
  cx: ExprContext
): OverFrame | null {
  const isOrdered = ordered > 0
  if (frame === null) return { unit: 'RANGE', start: null, end: isOrdered ? 0 : null }
  const last: FrameBound = frame.end ?? { kind: 'CurrentRow' }
  const { unit } = frame
  const start = boundOf(frame.start, unit, cx)
  const end = boundOf(last, unit, cx)
  if (start === undefined || end === undefined) return refuse(amounts[unit], frame, cx)
  const begins = frame.start.kind === 'UnboundedFollowing' ? Infinity : (start ?? -Infinity)
  const ends = last.kind === 'UnboundedPreceding' ? -Infinity : (end ?? Infinity)
  if (begins > ends) return refuse('begins behind its last row', frame, cx)
  const isPlain = [begins, ends].every(bound => bound === 0 || !Number.isFinite(bound))
  if (unit === 'RANGE' && ordered !== 1 && !isPlain) {
    const problem = isOrdered ? 'with an interval takes an ORDER BY of one column' : noOrder
    return refuse(problem, frame, cx)
  }
  return { unit, start, end }
}

const noOrder = 'of a RANGE needs an ORDER BY'

const amounts = {
  ROWS: 'counts whole rows, written out',
  RANGE: 'takes a constant interval of days and time'
} as const

function refuse(problem: string, { span }: Frame, cx: ExprContext): null {
  report(cx.bind, frameForm(problem, span))
  return null
}

/** Undefined: it is no such bound. */
function boundOf(
  bound: FrameBound,
  unit: Frame['unit'],
  cx: ExprContext
): number | null | undefined {
  switch (bound.kind) {
    case 'CurrentRow':
      return 0
    case 'UnboundedPreceding':
    case 'UnboundedFollowing':
      return null
    default: {
      const amount = unit === 'ROWS' ? wholeNumber(bound.offset) : duration(bound.offset, cx)
      if (amount === null) return undefined
      return bound.kind === 'Preceding' ? -amount : amount
    }
  }
}

/** In milliseconds; null: it is no constant interval without months. */
function duration(expression: Expression, cx: ExprContext): number | null {
  const expr = bindExpr(expression, cx)
  const isConstant = expr?.kind === 'Literal' && expr.type.kind === 'Interval'
  const parts = isConstant ? intervalParts(expr.value) : null
  return parts === null || parts.months > 0 ? null : parts.ms
}

/** Null: it is none that is written out. */
export function wholeNumber(expression: Expression): number | null {
  const isNumber = expression.kind === 'NumberLiteral' && /^\d{1,9}$/.test(expression.text)
  return isNumber ? Number(expression.text) : null
}
