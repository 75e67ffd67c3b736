import type { Expression, Identifier } from '../ast/index.ts'
import { locate, type Node } from './locate.ts'
import { querySubject } from './query-subject.ts'
import type { ScriptIndex } from './script-index.ts'
import { literalSubject, statementSubject } from './statement-subject.ts'
import { type Subject, typeSubject } from './subject.ts'

/** What a place is about; null: nothing that is known. */
export function findSubject(index: ScriptIndex, offset: number): Subject | null {
  const path = locate(index.statements, index.file, offset)
  const inner = path.at(-1)
  if (inner === undefined) return null
  const named = inner.kind === 'Identifier' ? namedSubject(inner as Identifier, path, index) : null
  return named ?? literalSubject(path, offset, index) ?? expressionSubject(path, index)
}

function namedSubject(name: Identifier, path: readonly Node[], index: ScriptIndex): Subject | null {
  const holder = path.findLast(({ kind }) => kind !== 'Identifier' && kind !== 'QualifiedName')
  if (holder === undefined) return null
  return querySubject(name, holder, path, index) ?? statementSubject(name, holder, path, index)
}

/** The type of the smallest expression around the place. */
function expressionSubject(path: readonly Node[], { findings }: ScriptIndex): Subject | null {
  for (const node of path.toReversed()) {
    const expr = findings.expressions.get(node as Expression)
    // A bare NULL has a type only where it is used.
    if (expr === undefined || expr.type.kind === 'Null') continue
    return typeSubject(expr.type, expr.nullable, node.span)
  }
  return null
}
