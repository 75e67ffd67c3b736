import type { AstNode, Identifier, QualifiedName, TypeName } from './node.ts'
import type { Query, SortItem } from './queries.ts'

export interface StringLiteral extends AstNode<'StringLiteral'> {
  readonly value: string
}
/** Digits as written, never through a double: `9007199254740993`, `1.50`, `1e3`. */
export interface NumberLiteral extends AstNode<'NumberLiteral'> {
  readonly text: string
}
export interface BooleanLiteral extends AstNode<'BooleanLiteral'> {
  readonly value: boolean
}
export interface NullLiteral extends AstNode<'NullLiteral'> {}
/** `DATE '2026-01-01'`, `TIMESTAMP '...'`. */
export interface TypedLiteral extends AstNode<'TypedLiteral'> {
  readonly type: TypeName
  readonly value: string
}
/** `INTERVAL '5' SECOND`, `INTERVAL '1 day 2 hours'` (unit null), `INTERVAL '1-2' YEAR TO MONTH`. */
export interface IntervalLiteral extends AstNode<'IntervalLiteral'> {
  readonly value: string
  /** Upper case, singular; null: the units are in the string. */
  readonly unit: string | null
  readonly toUnit: string | null
}
export interface NameExpression extends AstNode<'Name'> {
  readonly name: QualifiedName
}
/** `*` or `s.*`, in a select list or in COUNT(*). */
export interface StarExpression extends AstNode<'Star'> {
  readonly qualifier: QualifiedName | null
}
/** `-x`, `+x`, and PostgreSQL's roots: `|/ x`, `||/ x`. */
export interface UnaryExpression extends AstNode<'Unary'> {
  readonly operator: '-' | '+' | '|/' | '||/' | '~' | '@'
  readonly operand: Expression
}
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>='
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | '||'
  | ComparisonOperator
  | '->'
  | '->>'
  | '@>'
  | '<@'
  | '&&'
  | '~'
  | '~*'
  | '!~'
  | '!~*'
  | '&'
  | '|'
  | '#'
  | '<<'
  | '>>'
  | '#>'
  | '#>>'
  | '^@'
export interface BinaryExpression extends AstNode<'Binary'> {
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
}
/** A flattened chain: at least two operands. */
export interface LogicalExpression extends AstNode<'Logical'> {
  readonly operator: 'AND' | 'OR'
  readonly operands: readonly Expression[]
}
export interface NotExpression extends AstNode<'Not'> {
  readonly operand: Expression
}
/** `x IS [NOT] NULL | TRUE | FALSE | UNKNOWN`. */
export interface IsExpression extends AstNode<'Is'> {
  readonly operand: Expression
  readonly test: 'NULL' | 'TRUE' | 'FALSE' | 'UNKNOWN'
  readonly negated: boolean
}
/** `a IS [NOT] DISTINCT FROM b`. */
export interface DistinctFromExpression extends AstNode<'DistinctFrom'> {
  readonly left: Expression
  readonly right: Expression
  readonly negated: boolean
}
export interface BetweenExpression extends AstNode<'Between'> {
  readonly operand: Expression
  readonly low: Expression
  readonly high: Expression
  readonly negated: boolean
  readonly symmetric: boolean
}
export interface InListExpression extends AstNode<'InList'> {
  readonly operand: Expression
  readonly items: readonly Expression[]
  readonly negated: boolean
}
export interface InQueryExpression extends AstNode<'InQuery'> {
  readonly operand: Expression
  readonly query: Query
  readonly negated: boolean
}
/** `x < ANY (query)`, `x < ALL (query)`; `= ANY` is IN, `<> ALL` is NOT IN. */
export interface QuantifiedExpression extends AstNode<'Quantified'> {
  readonly operator: ComparisonOperator
  readonly isAll: boolean
  readonly operand: Expression
  readonly query: Query
}
export interface ExistsExpression extends AstNode<'Exists'> {
  readonly query: Query
}
export interface SubqueryExpression extends AstNode<'Subquery'> {
  readonly query: Query
}
export interface LikeExpression extends AstNode<'Like'> {
  readonly operator: 'LIKE' | 'ILIKE' | 'SIMILAR TO'
  readonly operand: Expression
  readonly pattern: Expression
  readonly escape: Expression | null
  readonly negated: boolean
}
export interface CaseExpression extends AstNode<'Case'> {
  /** Null: the searched form. */
  readonly operand: Expression | null
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[]
  readonly otherwise: Expression | null
}
/** CAST(x AS t), x::t, TRY_CAST(x AS t). */
export interface CastExpression extends AstNode<'Cast'> {
  readonly operand: Expression
  readonly type: TypeName
  readonly safe: boolean
}
/**
 * A call by name. The special forms are calls too: EXTRACT(x FROM y) is extract('x', y), POSITION(a IN b) is
 * position(a, b), SUBSTRING(x FROM a FOR b) is substring(x, a, b), TRIM(BOTH a FROM b) is btrim(b, a) (LEADING ltrim, TRAILING rtrim),
 * OVERLAY(a PLACING b FROM c FOR d) is overlay(a, b, c, d).
 */
export interface CallExpression extends AstNode<'Call'> {
  readonly name: QualifiedName
  readonly args: readonly CallArgument[]
  readonly distinct: boolean
  /** ORDER BY inside the parentheses. */
  readonly orderBy: readonly SortItem[]
  readonly withinGroup: readonly SortItem[] | null
  readonly filter: Expression | null
  readonly over: OverClause | null
}
export interface CallArgument {
  /** Of `SLIDE => INTERVAL ...`; null for positional ones. */
  readonly name: Identifier | null
  readonly value: Expression
}
export interface OverClause extends AstNode<'Over'> {
  /** A window of the WINDOW clause that it takes over and may go on with; null: none. */
  readonly base: Identifier | null
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly SortItem[]
  readonly frame: Frame | null
}
export interface Frame extends AstNode<'Frame'> {
  readonly unit: 'ROWS' | 'RANGE'
  readonly start: FrameBound
  readonly end: FrameBound | null
}
export type FrameBound =
  | { readonly kind: 'UnboundedPreceding' | 'CurrentRow' | 'UnboundedFollowing' }
  | { readonly kind: 'Preceding' | 'Following'; readonly offset: Expression }
export interface ArrayExpression extends AstNode<'ArrayConstructor'> {
  readonly items: readonly Expression[]
}
export interface RowExpression extends AstNode<'RowConstructor'> {
  readonly items: readonly Expression[]
}
/** `a[1]`. */
export interface SubscriptExpression extends AstNode<'Subscript'> {
  readonly operand: Expression
  readonly index: Expression
}
/** `a[from:to]`; null for an end that is left out. */
export interface SliceExpression extends AstNode<'Slice'> {
  readonly operand: Expression
  readonly from: Expression | null
  readonly to: Expression | null
}
/** `(expression).field`. */
export interface FieldExpression extends AstNode<'FieldAccess'> {
  readonly operand: Expression
  readonly field: Identifier
}

export type Expression =
  | StringLiteral
  | NumberLiteral
  | BooleanLiteral
  | NullLiteral
  | TypedLiteral
  | IntervalLiteral
  | NameExpression
  | StarExpression
  | UnaryExpression
  | BinaryExpression
  | LogicalExpression
  | NotExpression
  | IsExpression
  | DistinctFromExpression
  | BetweenExpression
  | InListExpression
  | InQueryExpression
  | QuantifiedExpression
  | ExistsExpression
  | SubqueryExpression
  | LikeExpression
  | CaseExpression
  | CastExpression
  | CallExpression
  | ArrayExpression
  | RowExpression
  | SubscriptExpression
  | SliceExpression
  | FieldExpression
export type ExpressionKind = Expression['kind']
