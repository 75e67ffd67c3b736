import type { SqlType } from '../types/index.ts'
import type { Span } from '../source/index.ts'

/** A value that a literal can hold: BIGINT as bigint, DECIMAL as digits, TIMESTAMP as ms since the epoch, JSON as text. */
export type LiteralValue = null | boolean | number | bigint | string

interface ExprBase<Kind extends string> {
  readonly kind: Kind
  readonly type: SqlType
  /** False only where the value provably is never NULL: emitters leave out the check. */
  readonly nullable: boolean
  readonly span: Span
}

export interface LiteralExpr extends ExprBase<'Literal'> {
  readonly value: LiteralValue
  /** Of a statement on a running pipeline: which of its parameters holds the value; `value` is one of many. */
  readonly parameter?: number
}
/** A column of the row that flows at this point, by index. */
export interface ColumnExpr extends ExprBase<'Column'> {
  readonly index: number
  readonly name: string
}
/** An operator or function of the catalogue (`compiler/functions`); operators have names too: `add`, `less`, `like`. */
export interface CallExpr extends ExprBase<'Call'> {
  readonly function: string
  readonly args: readonly Expr[]
}
/** Three-valued, n-ary, evaluated left to right; FALSE decides at once. */
export interface AndExpr extends ExprBase<'And'> {
  readonly args: readonly Expr[]
}
export interface OrExpr extends ExprBase<'Or'> {
  readonly args: readonly Expr[]
}
export interface NotExpr extends ExprBase<'Not'> {
  readonly arg: Expr
}
/** `arg IS NULL`; IS NOT NULL is Not(IsNull). */
export interface IsNullExpr extends ExprBase<'IsNull'> {
  readonly arg: Expr
}
/** `left IS NOT DISTINCT FROM right`; IS TRUE, IS FALSE and IS UNKNOWN are bound to it and to IsNull. */
export interface NotDistinctExpr extends ExprBase<'NotDistinct'> {
  readonly left: Expr
  readonly right: Expr
}
/** The searched form; `CASE x WHEN ...` is bound to comparisons. Branches have the case's own type. */
export interface CaseExpr extends ExprBase<'Case'> {
  readonly branches: readonly { readonly when: Expr; readonly then: Expr }[]
  readonly otherwise: Expr
}
export interface CoalesceExpr extends ExprBase<'Coalesce'> {
  readonly args: readonly Expr[]
}
/** `arg IN (items)`; items have arg's type. NOT IN is Not(In). */
export interface InExpr extends ExprBase<'In'> {
  readonly arg: Expr
  readonly items: readonly Expr[]
}
/** From `arg.type` to `type`. Implicit coercions are casts too. `safe` is TRY_CAST: NULL where a cast fails. */
export interface CastExpr extends ExprBase<'Cast'> {
  readonly arg: Expr
  readonly safe: boolean
}
/** A model call as written. The plan takes each distinct one out of its expression into a Predict node. */
export interface PredictExpr extends ExprBase<'Predict'> {
  readonly model: string
  readonly args: readonly Expr[]
}

export type Expr =
  | LiteralExpr
  | ColumnExpr
  | CallExpr
  | AndExpr
  | OrExpr
  | NotExpr
  | IsNullExpr
  | NotDistinctExpr
  | CaseExpr
  | CoalesceExpr
  | InExpr
  | CastExpr
  | PredictExpr
export type ExprKind = Expr['kind']
export type ExprOf<K extends ExprKind> = Extract<Expr, { kind: K }>
