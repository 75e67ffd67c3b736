import {
  makeAnd,
  makeCase,
  makeCast,
  makeCoalesce,
  makeIn,
  makeIsNull,
  makeNot,
  makeNotDistinct,
  makeOr
} from './make-scalars.ts'
import type { Expr, ExprKind, ExprOf } from './scalars.ts'

interface Shape<K extends ExprKind> {
  /** In evaluation order. */
  readonly children: (expr: ExprOf<K>) => readonly Expr[]
  /** The same expression over other children, as many and in the same order. */
  readonly rebuild: (expr: ExprOf<K>, children: readonly Expr[]) => Expr
}

const leaf = { children: () => [], rebuild: (expr: Expr) => expr }

const shapes: { readonly [K in ExprKind]: Shape<K> } = {
  Literal: leaf,
  Column: leaf,
  Call: {
    children: expr => expr.args,
    rebuild: (expr, args) => Object.freeze({ ...expr, args, nullable: mayBeNull(expr, args) })
  },
  And: { children: expr => expr.args, rebuild: (expr, args) => makeAnd(args, expr.span) },
  Or: { children: expr => expr.args, rebuild: (expr, args) => makeOr(args, expr.span) },
  Not: { children: expr => [expr.arg], rebuild: (expr, [arg]) => makeNot(arg!, expr.span) },
  IsNull: { children: expr => [expr.arg], rebuild: (expr, [arg]) => makeIsNull(arg!, expr.span) },
  NotDistinct: {
    children: expr => [expr.left, expr.right],
    rebuild: (expr, [left, right]) => makeNotDistinct(left!, right!, expr.span)
  },
  Case: {
    children: expr => [...expr.branches.flatMap(({ when, then }) => [when, then]), expr.otherwise],
    rebuild: (expr, children) =>
      makeCase(
        expr.branches.map((_, i) => ({ when: children[2 * i]!, then: children[2 * i + 1]! })),
        children.at(-1)!,
        expr.type,
        expr.span
      )
  },
  Coalesce: {
    children: expr => expr.args,
    rebuild: (expr, args) => makeCoalesce(args, expr.type, expr.span)
  },
  In: {
    children: expr => [expr.arg, ...expr.items],
    rebuild: (expr, [arg, ...items]) => makeIn(arg!, items, expr.span)
  },
  Cast: {
    children: expr => [expr.arg],
    rebuild: (expr, [arg]) => makeCast(arg!, expr.type, expr.safe, expr.span)
  },
  Predict: {
    children: expr => expr.args,
    rebuild: (expr, args) => Object.freeze({ ...expr, args, nullable: mayBeNull(expr, args) })
  }
}

/** What a function makes of NULL only its entry in the catalogue knows: over one where there was none before it may give NULL. */
function mayBeNull(before: ExprOf<'Call' | 'Predict'>, args: readonly Expr[]): boolean {
  return before.nullable || args.some((arg, i) => arg.nullable && !before.args[i]!.nullable)
}

export function childrenOf(expr: Expr): readonly Expr[] {
  return shapeOf(expr.kind).children(expr)
}

/** The same object when no child changed. */
export function withChildren(expr: Expr, children: readonly Expr[]): Expr {
  const before = childrenOf(expr)
  if (children.every((child, i) => child === before[i])) return expr
  return shapeOf(expr.kind).rebuild(expr, children)
}

// A table indexed by a union's kind has an intersection of parameters; each entry is only ever called with its own kind.
function shapeOf(kind: ExprKind): Shape<ExprKind> {
  return shapes[kind] as unknown as Shape<ExprKind>
}
