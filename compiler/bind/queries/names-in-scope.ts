import type { Identifier, QualifiedName } from '../../ast/index.ts'
import { ambiguousName, columnNotFound } from '../../diagnostics/bind.ts'
import { closest } from '../../diagnostics/closest.ts'
import { type ColumnExpr, type Expr, makeColumn } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import type { Column, RowType } from '../../types/index.ts'
import { showName } from '../catalog.ts'
import { type BindContext, report } from '../context.ts'
import { matchName } from '../names.ts'
import type { NamedRelation } from './named-relation.ts'

/** What column names mean in a query: the columns of its relations, side by side in one row. */
export interface Names {
  readonly relations: readonly NamedRelation[]
  /** Whether a name means a column here, or several. */
  has(name: QualifiedName): boolean
  /** The column that a name means; null after a diagnostic. */
  resolve(name: QualifiedName): Expr | null
  /** The columns of `*`, or of `relation.*`; null: no relation is called so. */
  star(qualifier: QualifiedName | null, span: Span): readonly ColumnExpr[] | null
}

export function makeNames(name: string | null, schema: RowType, cx: BindContext): Names {
  return namesOf([{ name, schema, start: 0, hidden: [] }], cx)
}

interface Candidate {
  readonly column: Column
  readonly index: number
}

/**
 * The names of a row that several relations make; `*` lists them in this order, wherever their columns stand. `aliases` are
 * names that look as if they could be used, and can't: those of the select list.
 */
export function namesOf(
  relations: readonly NamedRelation[],
  cx: BindContext,
  aliases: readonly string[] = []
): Names {
  const called = ({ name }: NamedRelation, qualifier: { readonly name: string }): boolean =>
    name !== null && name.toLowerCase() === qualifier.name.toLowerCase()
  const candidatesCalled = ({ parts }: QualifiedName): readonly Candidate[] | null => {
    const relation = parts.length > 1 ? undefined : relations.find(one => called(one, parts[0]!))
    return relation === undefined ? null : candidatesOf(relation, [])
  }
  const visible = relations.flatMap(relation => candidatesOf(relation, relation.hidden))
  return {
    relations,
    has({ parts }) {
      const relation = relations.find(known => called(known, parts[0]!))
      if (parts.length > 1) return relation !== undefined
      return matchName(parts[0]!, visible, ({ column }) => column.name).kind !== 'None'
    },
    resolve(name) {
      const { parts, span } = name
      const column = parts.at(-1)!
      const qualified = parts.length > 1
      const relation = qualified ? relations.find(known => called(known, parts[0]!)) : undefined
      if (parts.length > 2 || (qualified && relation === undefined)) {
        const hint = insideHint(parts, visible)
        report(cx, columnNotFound(showName(name), span, qualifiedNames(relations), hint))
        return null
      }
      const candidates = relation === undefined ? visible : candidatesOf(relation, [])
      const match = matchName(column, candidates, candidate => candidate.column.name)
      if (match.kind === 'Found') return makeColumn(match.value.index, match.value.column, span)
      if (match.kind === 'None') {
        const names = candidates.map(candidate => candidate.column.name)
        const hint = hintFor(column, names, aliases)
        report(cx, columnNotFound(column.name, span, names, hint))
      } else {
        const names = match.values.map(candidate => longName(candidate, relations))
        report(cx, ambiguousName(column.name, names, span))
      }
      return null
    },
    star(qualifier, span) {
      const all = qualifier === null ? visible : candidatesCalled(qualifier)
      const listed = all?.filter(({ column }) => column.implicit !== true)
      return listed?.map(({ index, column }) => makeColumn(index, column, span)) ?? null
    }
  }
}

/** How a part of a value is read whose name was written behind a point; null: the first name is no column. */
function insideHint(parts: QualifiedName['parts'], visible: readonly Candidate[]): string | null {
  const match = matchName(parts[0]!, visible, ({ column }) => column.name)
  if (match.kind !== 'Found') return null
  const { name, type } = match.value.column
  const [first, ...more] = parts.slice(1).map(part => part.name)
  switch (type.kind) {
    case 'Json':
      return `Write ${name}${[first, ...more].map(step => ` -> '${step!}'`).join('')}.`
    case 'Row':
      return `Write (${name}).${[first, ...more].join('.')}.`
    case 'Map':
      return `Write ${name}['${first!}'].`
    default:
      return null
  }
}

/** Names inside of a query in an expression: its own relations hide those around it. */
export function nestedNames(inner: readonly NamedRelation[], outer: Names, cx: BindContext): Names {
  const own = namesOf(inner, cx)
  const all = namesOf([...inner, ...outer.relations], cx)
  return {
    ...own,
    has: name => own.has(name) || outer.has(name),
    resolve(name) {
      if (own.has(name)) return own.resolve(name)
      return (outer.has(name) ? outer : all).resolve(name)
    }
  }
}

function candidatesOf(
  { schema, start }: NamedRelation,
  hidden: readonly number[]
): readonly Candidate[] {
  const all = schema.columns.map((column, i) => ({ column, index: start + i }))
  return all.filter((_, i) => !hidden.includes(i))
}

/** As it must be written where its own name is not enough. */
function longName({ index, column }: Candidate, relations: readonly NamedRelation[]): string {
  const owner = relations.find(
    ({ start, schema }) => start <= index && index < start + schema.columns.length
  )
  const alone = relations.length === 1
  return alone || owner === undefined || owner.name === null
    ? column.name
    : `${owner.name}.${column.name}`
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

function qualifiedNames(relations: readonly NamedRelation[]): string[] {
  return relations.flatMap(({ name, schema }) =>
    schema.columns.map(column => (name === null ? column.name : `${name}.${column.name}`))
  )
}
