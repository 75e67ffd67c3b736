import {
  type Expr,
  type ExprOf,
  makeAnd,
  makeCase,
  makeCoalesce,
  makeFilter,
  makeLiteral,
  makeOr,
  makeProject,
  rewriteExpr,
  type StreamNode
} from '../../ir/index.ts'
import type { Rule } from '../rule.ts'

/**
 * Decides conditions that constants decide, and takes filters out that keep every row. It never evaluates what could fail:
 * that stays to fail at run time, for the rows that reach it.
 */
export const foldConstants: Rule = {
  name: 'fold-constants',
  apply(node) {
    if (node.kind === 'Filter') return foldFilter(node)
    if (node.kind !== 'Project') return node
    const exprs = node.exprs.map(foldExpression)
    if (exprs.every((expr, i) => expr === node.exprs[i])) return node
    return makeProject(node.inputs[0]!, exprs, node.schema, node.span)
  }
}

function foldFilter(node: Extract<StreamNode, { kind: 'Filter' }>): StreamNode {
  const input = node.inputs[0]!
  const predicate = foldExpression(node.predicate)
  if (isBoolean(predicate, true)) return input
  return predicate === node.predicate ? node : makeFilter(input, predicate, node.span)
}

function foldExpression(root: Expr): Expr {
  return rewriteExpr(root, fold)
}

function fold(expr: Expr): Expr {
  switch (expr.kind) {
    case 'And':
      return foldAnd(expr)
    case 'Or':
      return foldOr(expr)
    case 'Not':
      return foldNot(expr)
    case 'IsNull':
      return expr.arg.kind === 'Literal'
        ? makeLiteral(expr.arg.value === null, expr.type, expr.span)
        : expr
    case 'Case':
      return foldCase(expr)
    case 'Coalesce':
      return foldCoalesce(expr)
    default:
      return expr
  }
}

function foldAnd(expr: ExprOf<'And'>): Expr {
  const kept = expr.args.filter(arg => !isBoolean(arg, true))
  // Behind a FALSE nothing is evaluated; what stands before it may fail, so it stays.
  const decided = kept.findIndex(arg => isBoolean(arg, false))
  const needed = decided < 0 ? kept : kept.slice(0, decided + 1)
  return needed.length === expr.args.length ? expr : makeAnd(needed, expr.span)
}

function foldOr(expr: ExprOf<'Or'>): Expr {
  const kept = expr.args.filter(arg => !isBoolean(arg, false))
  const decided = kept.findIndex(arg => isBoolean(arg, true))
  const needed = decided < 0 ? kept : kept.slice(0, decided + 1)
  return needed.length === expr.args.length ? expr : makeOr(needed, expr.span)
}

function foldNot(expr: ExprOf<'Not'>): Expr {
  const { arg } = expr
  if (arg.kind !== 'Literal') return expr
  return makeLiteral(arg.value === null ? null : arg.value !== true, expr.type, expr.span)
}

function foldCase(expr: ExprOf<'Case'>): Expr {
  const live = expr.branches.filter(({ when }) => !isBoolean(when, false) && !isNull(when))
  const decided = live.findIndex(({ when }) => isBoolean(when, true))
  const branches = decided < 0 ? live : live.slice(0, decided)
  const otherwise = decided < 0 ? expr.otherwise : live[decided]!.then
  if (branches.length === 0) return otherwise
  if (branches.length === expr.branches.length) return expr
  return makeCase(branches, otherwise, expr.type, expr.span)
}

function foldCoalesce(expr: ExprOf<'Coalesce'>): Expr {
  const live = expr.args.filter(arg => !isNull(arg))
  const decided = live.findIndex(arg => !arg.nullable)
  const args = decided < 0 ? live : live.slice(0, decided + 1)
  if (args.length === 0) return makeLiteral(null, expr.type, expr.span)
  if (args.length === 1) return args[0]!
  return args.length === expr.args.length ? expr : makeCoalesce(args, expr.type, expr.span)
}

function isBoolean(expr: Expr, value: boolean): boolean {
  return expr.kind === 'Literal' && expr.value === value
}

function isNull(expr: Expr): boolean {
  return expr.kind === 'Literal' && expr.value === null
}
