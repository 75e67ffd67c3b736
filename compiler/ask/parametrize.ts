import { type BoundChange, childrenOf, type Expr, withChildren } from '../ir/index.ts'
import { isNumeric } from '../types/index.ts'

/** A literal of a statement that others of its shape have another value for. */
export interface StatementLiteral {
  readonly start: number
  readonly end: number
  readonly value: number | string
}

/** Calls whose code is the same whatever value a literal among their arguments has. */
const indifferent = new Set([
  ...['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'],
  ...['add', 'subtract', 'multiply']
])

/**
 * A change whose literals are parameters where nothing but the value depends on them: the literal that is assigned or compared, of
 * the type that it has by itself. `used` gets the numbers of those that became parameters.
 */
export function parametrize(
  change: BoundChange,
  literals: readonly StatementLiteral[],
  used: Set<number>
): BoundChange {
  const byStart = new Map(literals.map((literal, index) => [literal.start, { ...literal, index }]))
  const visit = (expr: Expr): Expr => {
    switch (expr.kind) {
      case 'Literal': {
        const literal = byStart.get(expr.span.start)
        if (literal === undefined || literal.end !== expr.span.end) return expr
        if (!isSame(expr, literal.value)) return expr
        used.add(literal.index)
        return Object.freeze({ ...expr, parameter: literal.index })
      }
      case 'Call':
        return indifferent.has(expr.function) ? inside(expr) : expr
      case 'Cast':
        return isInteger(expr.arg) && isNumeric(expr.type) ? inside(expr) : expr
      case 'And':
      case 'Or':
      case 'Not':
        return inside(expr)
      default:
        return expr
    }
  }
  const inside = (expr: Expr): Expr => withChildren(expr, childrenOf(expr).map(visit))
  switch (change.kind) {
    case 'InsertValues':
      return { ...change, rows: change.rows.map(row => row.map(visit)) }
    case 'Update':
      return {
        ...change,
        row: change.row.map(visit),
        where: change.where === null ? null : visit(change.where)
      }
    case 'Delete':
      return { ...change, where: change.where === null ? null : visit(change.where) }
  }
}

function isSame({ type, value }: Extract<Expr, { kind: 'Literal' }>, scanned: number | string) {
  switch (type.kind) {
    case 'Int':
      return value === scanned
    case 'BigInt':
      return typeof scanned === 'number' && value === BigInt(scanned)
    case 'Text':
      return value === scanned
    default:
      return false
  }
}

function isInteger({ type }: Expr): boolean {
  return type.kind === 'Int' || type.kind === 'BigInt'
}
