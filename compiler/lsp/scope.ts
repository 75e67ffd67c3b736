import type { CommonTable, Query, Relation, Select } from '../ast/index.ts'
import { matchName } from '../bind/index.ts'
import type { Span } from '../source/index.ts'
import { originInAst, originInRelation } from './column-origin.ts'
import type { Declared } from './declared.ts'
import { type KnownColumn, knownColumn } from './known-column.ts'
import type { Node } from './locate.ts'
import type { ScriptIndex } from './script-index.ts'

/** A relation of FROM. */
export interface ScopePart {
  /** Its alias, else its name. */
  readonly name: string | null
  readonly columns: readonly KnownColumn[]
  /** Where it gets its name. */
  readonly span: Span
}

/** What names mean at one level of a query: relations side by side, and the aliases of its select list. */
export interface Scope {
  readonly parts: readonly ScopePart[]
  readonly select: Select | null
}

/** The scopes around a place, innermost first. */
export function scopesOf(path: readonly Node[], index: ScriptIndex): readonly Scope[] {
  const scopes: Scope[] = []
  for (let i = path.length - 1; i >= 0; i--) {
    const node = path[i]!
    const select = selectOf(node, path[i + 1])
    if (select !== null) {
      const parts = select.from.flatMap(one => partsOf(one, index, commonTables(path)))
      scopes.push({ parts, select })
      continue
    }
    const declared = writtenTo(node, index)
    if (declared !== null) {
      const { name, columns, span } = declared
      scopes.push({ parts: [{ name, columns, span }], select: null })
    }
  }
  return scopes
}

/** A select, or the one that a query's ORDER BY and LIMIT belong to. */
function selectOf(node: Node, inner: Node | undefined): Select | null {
  if (node.kind === 'Select') return node as Select
  if (node.kind !== 'Query') return null
  const { body } = node as Query
  return body.kind === 'Select' && inner !== body ? body : null
}

/** UPDATE and DELETE know the columns of their table, generated columns those of their source. */
function writtenTo(node: Node, { declared }: ScriptIndex): Declared | null {
  const statement = node as Declared['statement']
  if (statement.kind === 'Update' || statement.kind === 'Delete') {
    return findDeclared(statement.target.parts.at(-1)!, declared)
  }
  return statement.kind === 'CreateSource' ? findDeclared(statement.name, declared) : null
}

/** The WITH queries that can be read at a place, the nearest first. */
export function commonTables(path: readonly Node[]): readonly CommonTable[] {
  return path.toReversed().flatMap(node => (node.kind === 'Query' ? (node as Query).with : []))
}

export function findDeclared(
  name: { readonly name: string; readonly quoted: boolean },
  declared: readonly Declared[]
): Declared | null {
  const match = matchName(
    name,
    declared.filter(({ kind }) => kind !== 'model'),
    one => one.name
  )
  return match.kind === 'Found' ? match.value : null
}

/** The relations that a node of FROM brings into scope. */
export function partsOf(
  relation: Relation,
  index: ScriptIndex,
  common: readonly CommonTable[]
): readonly ScopePart[] {
  if (relation.kind === 'JoinRelation') {
    const sides = [relation.left, relation.right].flatMap(side => partsOf(side, index, common))
    return withNulls(relation, sides, index)
  }
  const { alias } = relation
  const name = alias?.name.name ?? nameOf(relation)
  const span =
    alias?.name.span ?? (relation.kind === 'TableRelation' ? relation.name.span : relation.span)
  const columns = columnsOf(relation, index, common).map((column, i) => ({
    ...column,
    name: alias?.columns[i]?.name ?? column.name
  }))
  return [{ name, columns, span }]
}

type Leaf = Exclude<Relation, { kind: 'JoinRelation' }>

function nameOf(relation: Leaf): string | null {
  return relation.kind === 'TableRelation' ? relation.name.parts.at(-1)!.name : null
}

/** An outer join makes columns of one side NULL where nothing matches. */
function withNulls(join: Relation, parts: readonly ScopePart[], { findings }: ScriptIndex) {
  const joined = findings.relations.get(join)?.parts ?? []
  return parts.map(part => {
    const { schema } = joined.find(({ name }) => name === part.name) ?? {}
    const columns = part.columns.map((column, i) => ({
      ...column,
      nullable: schema?.columns[i]?.nullable ?? column.nullable
    }))
    return { ...part, columns }
  })
}

function columnsOf(
  relation: Leaf,
  index: ScriptIndex,
  common: readonly CommonTable[]
): readonly KnownColumn[] {
  const found = index.findings.relations.get(relation)
  if (found !== undefined) {
    const { relation: bound } = found
    return bound.schema.columns.map((column, i) =>
      knownColumn(column, originInRelation(bound, i, index))
    )
  }
  // What the binder did not come to, because something else in the query is wrong.
  if (relation.kind === 'TableRelation') {
    const wanted = relation.name.parts.at(-1)!
    const table = matchName(wanted, common, one => one.name.name)
    if (table.kind === 'Found') return columnsOfQuery(table.value.query, index)
    return findDeclared(wanted, index.declared)?.columns ?? []
  }
  if (relation.kind === 'DerivedRelation') return columnsOfQuery(relation.query, index)
  if (relation.kind === 'WindowRelation') {
    return partsOf(relation.input, index, common).flatMap(part => part.columns)
  }
  return []
}

/** The columns of a query, as far as it is right. */
export function columnsOfQuery(query: Query, index: ScriptIndex): readonly KnownColumn[] {
  const schema = index.findings.queries.get(query)?.schema
  return schema?.columns.map((column, i) => knownColumn(column, originInAst(query, i, index))) ?? []
}
