import type { Identifier, QualifiedName } from '../../ast/index.ts'
import { ambiguousName, columnNotFound } from '../../diagnostics/bind.ts'
import { closest } from '../../diagnostics/closest.ts'
import { type Expr, makeColumn } from '../../ir/index.ts'
import type { RowType } from '../../types/index.ts'
import { showName } from '../catalog.ts'
import { type BindContext, report } from '../context.ts'
import { matchName } from '../names.ts'

/** What column names mean in a query: the columns of its relation. */
export interface Names {
  /** What the relation is called: its alias, else its name; null: it has none. */
  readonly relation: string | null
  readonly schema: RowType
  /** The column that a name means; null after a diagnostic. */
  resolve(name: QualifiedName): Expr | null
  /** Whether `name.*` and `name.column` mean this relation. */
  isCalled(name: QualifiedName): boolean
}

/** `aliases` are names that look as if they could be used, and can't: those of the select list. */
export function makeNames(
  relation: string | null,
  schema: RowType,
  cx: BindContext,
  aliases: readonly string[] = []
): Names {
  const called = (name: { readonly name: string }): boolean =>
    relation !== null && relation.toLowerCase() === name.name.toLowerCase()
  return {
    relation,
    schema,
    isCalled: name => name.parts.length === 1 && called(name.parts[0]!),
    resolve(name) {
      const { parts, span } = name
      const column = parts.at(-1)!
      const qualified = parts.length > 1
      if (parts.length > 2 || (qualified && !called(parts[0]!))) {
        report(cx, columnNotFound(showName(name), span, qualifiedNames(relation, schema)))
        return null
      }
      const match = matchName(column, schema.columns, candidate => candidate.name)
      if (match.kind === 'Found') {
        return makeColumn(schema.columns.indexOf(match.value), match.value, span)
      }
      const names = schema.columns.map(candidate => candidate.name)
      if (match.kind === 'None') {
        const hint = hintFor(column, names, aliases)
        report(cx, columnNotFound(column.name, span, names, hint))
      } else {
        const values = match.values.map(value => value.name)
        report(cx, ambiguousName(column.name, values, span))
      }
      return null
    }
  }
}

/** What most likely went wrong where it is more than a slip of the fingers. */
function hintFor(
  { name, quoted }: Identifier,
  columns: readonly string[],
  aliases: readonly string[]
): string | null {
  if (aliases.some(alias => alias.toLowerCase() === name.toLowerCase())) {
    return `"${name}" is an alias of the select list: repeat its expression here, or name it in a WITH query.`
  }
  return quoted && closest(name, columns) === null
    ? `Double quotes are for names. Write strings in single quotes: '${name}'.`
    : null
}

function qualifiedNames(relation: string | null, { columns }: RowType): string[] {
  return columns.map(({ name }) => (relation === null ? name : `${relation}.${name}`))
}
