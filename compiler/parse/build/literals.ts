import type { SimpleContext } from '#grammar'
import type { CaseExpression, IntervalLiteral } from '../../ast/index.ts'
import { type Builder, spanOf } from './builder.ts'
import { buildExpression } from './expressions.ts'
import { buildString } from './strings.ts'

export function buildInterval(cx: Builder, tree: SimpleContext): IntervalLiteral {
  const string = tree.stringLiteral()
  const value = string === null ? tree.NUMBER()!.getText() : buildString(cx, string)
  const [unit, toUnit] = tree.KW_UNIT().map(word => word.getText().toUpperCase().replace(/S$/, ''))
  return Object.freeze({
    kind: 'IntervalLiteral',
    span: spanOf(cx, tree),
    value,
    unit: unit ?? null,
    toUnit: toUnit ?? null
  })
}

export function buildCase(cx: Builder, tree: SimpleContext): CaseExpression {
  const hasElse = tree.KW_ELSE() !== null
  const outer = tree.expression()
  const operand = outer.length > (hasElse ? 1 : 0) ? outer[0]! : null
  const otherwise = hasElse ? outer.at(-1)! : null
  return Object.freeze({
    kind: 'Case',
    span: spanOf(cx, tree),
    operand: operand === null ? null : buildExpression(cx, operand),
    branches: tree.caseBranch().map(branch => ({
      when: buildExpression(cx, branch.expression(0)!),
      then: buildExpression(cx, branch.expression(1)!)
    })),
    otherwise: otherwise === null ? null : buildExpression(cx, otherwise)
  })
}
