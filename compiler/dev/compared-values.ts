import { type Expr, type LiteralValue, type StreamGraph, walkExpr } from '../ir/index.ts'

/** What a script compares its columns with, by column name: rows with such values get past its filters. */
export type ComparedValues = ReadonlyMap<string, readonly Exclude<LiteralValue, null>[]>

const comparisons = new Set(['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'])

export function findComparedValues({ sinks }: StreamGraph): ComparedValues {
  const found = new Map<string, Exclude<LiteralValue, null>[]>()
  const nodes = [...sinks.flatMap(sink => sink.inputs)]
  const seen = new Set(nodes)
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (node.kind === 'Filter') collect(node.predicate, found)
    if (node.kind === 'Project') for (const expr of node.exprs) collect(expr, found)
    for (const input of node.inputs) {
      if (!seen.has(input)) nodes.push(input)
      seen.add(input)
    }
  }
  return found
}

function collect(root: Expr, found: Map<string, Exclude<LiteralValue, null>[]>): void {
  walkExpr(root, expr => {
    const operands = operandsOf(expr)
    const column = operands.map(withoutCast).find(({ kind }) => kind === 'Column')
    if (column?.kind !== 'Column') return
    const known = found.get(column.name) ?? []
    for (const operand of operands) {
      if (operand.kind !== 'Literal' || operand.value === null) continue
      if (!known.includes(operand.value)) known.push(operand.value)
    }
    if (known.length > 0) found.set(column.name, known)
  })
}

/** Values that stand beside one another in a comparison. */
function operandsOf(expr: Expr): readonly Expr[] {
  if (expr.kind === 'In') return [expr.arg, ...expr.items]
  if (expr.kind === 'Call' && comparisons.has(expr.function)) return expr.args
  return []
}

function withoutCast(expr: Expr): Expr {
  return expr.kind === 'Cast' ? expr.arg : expr
}
