import type { Span } from '../source/index.ts'
import type { SqlType } from '../types/index.ts'
import { invariant } from './invariant.ts'
import type {
  AndExpr,
  CallExpr,
  CaseExpr,
  CastExpr,
  CoalesceExpr,
  ColumnExpr,
  Expr,
  InExpr,
  IsNullExpr,
  LiteralExpr,
  LiteralValue,
  NotDistinctExpr,
  NotExpr,
  OrExpr,
  PredictExpr
} from './scalars.ts'

const boolean: SqlType = Object.freeze({ kind: 'Boolean' })

export function makeLiteral(value: LiteralValue, type: SqlType, span: Span): LiteralExpr {
  return Object.freeze({ kind: 'Literal', value, type, nullable: value === null, span })
}

export function makeColumn(
  index: number,
  {
    name,
    type,
    nullable
  }: { readonly name: string; readonly type: SqlType; readonly nullable: boolean },
  span: Span
): ColumnExpr {
  return Object.freeze({ kind: 'Column', index, name, type, nullable, span })
}

export function makeCall(
  name: string,
  args: readonly Expr[],
  type: SqlType,
  nullable: boolean,
  span: Span
): CallExpr {
  return Object.freeze({ kind: 'Call', function: name, args, type, nullable, span })
}

/** One argument is returned as it is; none is TRUE. */
export function makeAnd(args: readonly Expr[], span: Span): Expr {
  if (args.length === 0) return makeLiteral(true, boolean, span)
  if (args.length === 1) return args[0]!
  checkBooleans(args)
  return Object.freeze<AndExpr>({
    kind: 'And',
    args,
    type: boolean,
    nullable: anyNullable(args),
    span
  })
}

/** One argument is returned as it is; none is FALSE. */
export function makeOr(args: readonly Expr[], span: Span): Expr {
  if (args.length === 0) return makeLiteral(false, boolean, span)
  if (args.length === 1) return args[0]!
  checkBooleans(args)
  return Object.freeze<OrExpr>({
    kind: 'Or',
    args,
    type: boolean,
    nullable: anyNullable(args),
    span
  })
}

export function makeNot(arg: Expr, span: Span): NotExpr {
  checkBooleans([arg])
  return Object.freeze({ kind: 'Not', arg, type: boolean, nullable: arg.nullable, span })
}

export function makeIsNull(arg: Expr, span: Span): IsNullExpr {
  return Object.freeze({ kind: 'IsNull', arg, type: boolean, nullable: false, span })
}

export function makeNotDistinct(left: Expr, right: Expr, span: Span): NotDistinctExpr {
  return Object.freeze({ kind: 'NotDistinct', left, right, type: boolean, nullable: false, span })
}

export function makeCase(
  branches: readonly { readonly when: Expr; readonly then: Expr }[],
  otherwise: Expr,
  type: SqlType,
  span: Span
): CaseExpr {
  checkBooleans(branches.map(branch => branch.when))
  const nullable = otherwise.nullable || branches.some(branch => branch.then.nullable)
  return Object.freeze({ kind: 'Case', branches, otherwise, type, nullable, span })
}

export function makeCoalesce(args: readonly Expr[], type: SqlType, span: Span): CoalesceExpr {
  const nullable = args.every(arg => arg.nullable)
  return Object.freeze({ kind: 'Coalesce', args, type, nullable, span })
}

export function makeIn(arg: Expr, items: readonly Expr[], span: Span): InExpr {
  const nullable = arg.nullable || anyNullable(items)
  return Object.freeze({ kind: 'In', arg, items, type: boolean, nullable, span })
}

export function makeCast(arg: Expr, type: SqlType, safe: boolean, span: Span): CastExpr {
  // The JSON value null is NULL, in a document and in a text that is read as one.
  const json = arg.type.kind === 'Json' || type.kind === 'Json'
  const nullable = safe || arg.nullable || json
  return Object.freeze({ kind: 'Cast', arg, safe, type, nullable, span })
}

export function makePredict(
  model: string,
  args: readonly Expr[],
  type: SqlType,
  span: Span
): PredictExpr {
  const nullable = anyNullable(args)
  return Object.freeze({ kind: 'Predict', model, args, type, nullable, span })
}

function anyNullable(exprs: readonly Expr[]): boolean {
  return exprs.some(expr => expr.nullable)
}

function checkBooleans(exprs: readonly Expr[]): void {
  for (const { type, span } of exprs) {
    invariant(type.kind === 'Boolean' || type.kind === 'Null', 'a condition is boolean', span)
  }
}
