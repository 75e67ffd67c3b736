import {
  type BoundPlainChange,
  childrenOf,
  type Expr,
  type LiteralExpr,
  withChildren
} from '../ir/index.ts'
import { isNumeric, type SqlType } from '../types/index.ts'

/** A literal of a statement that others of its shape have another value for. */
export interface StatementLiteral {
  readonly start: number
  readonly end: number
  readonly value: number | string
  /** What kind of literal it is: see runtime/query/scan-literals.ts. */
  readonly kind: string
}

/** Calls whose code is the same whatever value a literal among their arguments has. */
const indifferent = new Set([
  ...['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'],
  ...['add', 'subtract', 'multiply']
])

/**
 * A change whose literals are parameters where nothing but the value depends on them: the literal that is assigned or compared, of
 * the type that it has by itself. `used`: the numbers of those that became parameters, each with its type. A literal that stands in
 * several places with several types, as the 1.5 of `1.5 BETWEEN a AND b` may, is none.
 */
export function parametrize(
  change: BoundPlainChange,
  literals: readonly StatementLiteral[],
  excluded: ReadonlySet<number> = new Set()
): { readonly change: BoundPlainChange; readonly used: ReadonlyMap<number, SqlType> } {
  const used = new Map<number, SqlType>()
  const ambiguous = new Set(excluded)
  const byStart = new Map(literals.map((literal, index) => [literal.start, { ...literal, index }]))
  const visitLiteral = (expr: LiteralExpr): Expr => {
    const literal = byStart.get(expr.span.start)
    if (literal === undefined || literal.end !== expr.span.end) return expr
    if (!isSame(expr, literal) || excluded.has(literal.index)) return expr
    const known = used.get(literal.index)
    if (known !== undefined && known.kind !== expr.type.kind) ambiguous.add(literal.index)
    used.set(literal.index, expr.type)
    return Object.freeze({ ...expr, parameter: literal.index })
  }
  const visit = (expr: Expr): Expr => {
    switch (expr.kind) {
      case 'Literal':
        return visitLiteral(expr)
      case 'Call':
        return indifferent.has(expr.function) ? inside(expr) : expr
      case 'Cast':
        return isExact(expr.arg) && isNumeric(expr.type) ? inside(expr) : expr
      case 'And':
      case 'Or':
      case 'Not':
        return inside(expr)
      default:
        return expr
    }
  }
  const inside = (expr: Expr): Expr => withChildren(expr, childrenOf(expr).map(visit))
  const shared = mapChange(change, visit)
  if (ambiguous.size > excluded.size) return parametrize(change, literals, ambiguous)
  return { change: shared, used }
}

function mapChange(change: BoundPlainChange, visit: (expr: Expr) => Expr): BoundPlainChange {
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

function isSame({ type, value }: LiteralExpr, { value: scanned, kind }: StatementLiteral): boolean {
  switch (type.kind) {
    case 'Int':
      return value === scanned
    case 'BigInt':
      return typeof scanned === 'number' && value === BigInt(scanned)
    case 'Text':
      return kind === 't' && value === scanned
    case 'Double':
      return kind !== 't' && Number(value) === Number(scanned)
    case 'Decimal':
      // Of the digits that the kind tells: whatever they are, they fit.
      return kind.startsWith('d') && value === scanned
    default:
      return false
  }
}

function isExact({ type }: Expr): boolean {
  return type.kind === 'Int' || type.kind === 'BigInt' || type.kind === 'Decimal'
}
