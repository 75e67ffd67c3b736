import type { CallArgumentsContext, JsonOtherwiseContext } from '#grammar'
import type { CallExpression, Expression, TypeName } from '../../ast/index.ts'
import { syntaxError } from '../../diagnostics/parse.ts'
import type { Span } from '../../source/index.ts'
import { type Builder, spanOf } from './builder.ts'
import { buildExpression } from './expressions.ts'
import { buildTypeName } from './names.ts'

/**
 * `JSON_VALUE(doc, path RETURNING type DEFAULT x ON EMPTY DEFAULT y ON ERROR)` as what it comes to: empty is where the path leads to
 * nothing, and an error a value that is no scalar, or none of the type. As in PostgreSQL both are NULL where nothing else is said,
 * and so is JSON's null.
 */
export function buildJsonValue(
  cx: Builder,
  call: CallExpression,
  args: CallArgumentsContext
): Expression {
  const returning = args.returning()
  const clauses = args.jsonOtherwise()
  const first = returning ?? clauses[0]
  if (first === undefined) return call
  const { span } = call
  if (call.name.parts.at(-1)!.name.toLowerCase() !== 'json_value') {
    const hint = 'JSON_VALUE takes it; cast the answer of any other call.'
    const word = first.getText().toUpperCase().startsWith('RETURNING') ? 'RETURNING' : 'ON'
    cx.diagnostics.push(syntaxError('"," or ")"', word, hint, spanOf(cx, first)))
    return call
  }
  const type = returning === null ? text(span) : buildTypeName(cx, returning.typeName())
  const value: Expression = returning === null ? call : cast(call, type, true)
  const [onEmpty, onError] = ['EMPTY', 'ERROR'].map(when => otherwise(cx, clauses, when, type))
  if (onEmpty === null && onError === null) return value
  const found = onError === null ? value : ofName('coalesce', [value, onError!], call)
  const isNull: Expression = {
    kind: 'Is',
    span,
    operand: ofName('json_extract', valuesOf(call), call),
    test: 'NULL',
    negated: false
  }
  const exists = ofName('json_exists', valuesOf(call), call)
  const whenEmpty = { when: { kind: 'Not', span, operand: exists } as const, then: onEmpty! }
  const branches = [
    ...(onEmpty === null ? [] : [whenEmpty]),
    { when: isNull, then: { kind: 'NullLiteral', span } as const }
  ]
  return Object.freeze({ kind: 'Case', span, operand: null, branches, otherwise: found })
}

/** What stands for it, in the type of the call; null: NULL does. */
function otherwise(
  cx: Builder,
  clauses: readonly JsonOtherwiseContext[],
  when: string,
  type: TypeName
): Expression | null {
  const own = clauses.filter(clause => (clause.KW_EMPTY() !== null) === (when === 'EMPTY'))
  const [clause, second] = own
  if (second !== undefined) {
    cx.diagnostics.push(syntaxError('")"', `ON ${when} again`, null, spanOf(cx, second)))
  }
  if (clause === undefined) return null
  const value = clause.expression()
  if (value !== null) return cast(buildExpression(cx, value), type, false)
  if (clause.KW_NULL() !== null) return null
  const hint =
    'A value that is not there is NULL or what DEFAULT says; WHERE can leave such rows out.'
  cx.diagnostics.push(syntaxError('DEFAULT or NULL', 'ERROR', hint, spanOf(cx, clause)))
  return null
}

function valuesOf({ args }: CallExpression): readonly Expression[] {
  return args.flatMap(({ value }) => (value.kind === 'Star' ? [] : [value]))
}

function ofName(name: string, values: readonly Expression[], call: CallExpression): CallExpression {
  const { span } = call
  const identifier = { kind: 'Identifier', span, name, quoted: false } as const
  const args = values.map(value => ({ name: null, value }))
  return { ...call, name: { kind: 'QualifiedName', span, parts: [identifier] }, args }
}

function cast(operand: Expression, type: TypeName, safe: boolean): Expression {
  return Object.freeze({ kind: 'Cast', span: operand.span, operand, type, safe })
}

function text(span: Span): TypeName {
  return { kind: 'TypeName', span, name: 'TEXT', parameters: [], elements: [], fields: [] }
}
