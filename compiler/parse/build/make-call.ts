import type { CallExpression, Expression } from '../../ast/index.ts'
import type { Span } from '../../source/index.ts'

/** A plain call that the script spells another way: EXTRACT, POSITION, AT TIME ZONE, CURRENT_TIMESTAMP. */
export function makeCall(name: string, args: readonly Expression[], span: Span): CallExpression {
  const identifier = { kind: 'Identifier', span, name, quoted: false } as const
  return Object.freeze({
    kind: 'Call',
    span,
    name: { kind: 'QualifiedName' as const, span, parts: [identifier] },
    args: args.map(value => ({ name: null, value })),
    distinct: false,
    orderBy: [],
    withinGroup: null,
    filter: null,
    over: null
  })
}
