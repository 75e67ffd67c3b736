import type { QualifiedName } from '../../ast/index.ts'
import { ambiguousName } from '../../diagnostics/bind.ts'
import type { Declaration } from '../catalog.ts'
import { type BindContext, report } from '../context.ts'

/** The declaration that a step of a test names. Null: there is none. Undefined: after a diagnostic, as it may be one of several. */
export function findNamed(name: QualifiedName, bind: BindContext): Declaration | null | undefined {
  const wanted = name.parts.at(-1)!
  const match = bind.catalog.find(wanted)
  if (match.kind === 'Ambiguous') {
    const names = match.values.map(value => value.name)
    report(bind, ambiguousName(wanted.name, names, name.span))
    return undefined
  }
  return match.kind === 'Found' && name.parts.length === 1 ? match.value : null
}
