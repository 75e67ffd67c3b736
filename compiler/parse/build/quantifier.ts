import { AllContext, ParserRuleContext, type QueryContext, SimpleContext } from '#grammar'
import type { Expression } from '../../ast/index.ts'
import { syntaxError } from '../../diagnostics/parse.ts'
import { type Builder, spanOf } from './builder.ts'

/** ANY, SOME or ALL of the rows of a query. */
export interface Quantifier {
  readonly isAll: boolean
  readonly query: QueryContext
}

/** What stands behind a comparison; null: it is any other operand. */
export function findQuantifier(tree: ParserRuleContext): Quantifier | null {
  const level = innermost(tree)
  if (level instanceof AllContext) {
    const query = level.query()
    return query === null ? null : { isAll: true, query }
  }
  if (!(level instanceof SimpleContext)) return null
  const [query, name] = [level.query(), level.identifier()]
  return query === null || name === null || !isAny(name.getText()) ? null : { isAll: false, query }
}

/** Down to what has more than one part. */
function innermost(tree: ParserRuleContext): ParserRuleContext {
  const [only, ...more] = tree.children
  return only instanceof ParserRuleContext && more.length === 0 ? innermost(only) : tree
}

const isAny = (name: string): boolean => ['any', 'some'].includes(name.toLowerCase())

/** A query that stands right behind a name or ALL, where it can't; a value of no meaning. */
export function refuseQuery(cx: Builder, tree: AllContext | SimpleContext): Expression {
  const name = tree.start?.text ?? ''
  const isQuantifier = tree instanceof AllContext || isAny(name)
  const span = spanOf(cx, tree)
  const error = isQuantifier
    ? syntaxError('a comparison', `${name.toUpperCase()} (query)`, MEANT, span)
    : syntaxError('an expression', 'a query', OWN, spanOf(cx, tree.query()!))
  cx.diagnostics.push(error)
  return { kind: 'NullLiteral', span }
}

const MEANT = 'It stands right behind one of = <> < <= > >= LIKE ILIKE, as in x > ALL (SELECT ...).'
const OWN = 'Put the query into parentheses of its own.'
