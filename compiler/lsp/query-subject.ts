import type {
  CallExpression,
  Identifier,
  NameExpression,
  Relation,
  SelectItem,
  TableRelation
} from '../ast/index.ts'
import { matchName } from '../bind/index.ts'
import { findFunction, type ListedFunction, listFunctions } from '../functions/index.ts'
import type { Span } from '../source/index.ts'
import { showType } from '../types/index.ts'
import type { Node } from './locate.ts'
import { resolveAlias, resolveColumn, resolvePart } from './resolve-name.ts'
import {
  columnsOfQuery,
  commonTables,
  findDeclared,
  partsOf,
  type Scope,
  scopesOf
} from './scope.ts'
import type { ScriptIndex } from './script-index.ts'
import {
  columnSubject,
  declaredSubject,
  functionSubject,
  relationSubject,
  type Subject
} from './subject.ts'

/** What a name inside of a query is about; `holder` is what it is the name of. */
export function querySubject(
  name: Identifier,
  holder: Node,
  path: readonly Node[],
  index: ScriptIndex
): Subject | null {
  switch (holder.kind) {
    case 'Name':
      return nameSubject(name, holder as NameExpression, path, index)
    case 'Star':
      return partSubject(name, scopesOf(path, index))
    case 'TableRelation':
      return tableSubject(name, holder as TableRelation, path, index)
    case 'Alias':
      return aliasSubject(name, path, index)
    case 'CommonTable':
      return commonTableSubject(name, path, index)
    case 'SelectItem':
      return itemSubject(holder as SelectItem, name.span, index)
    case 'Call':
      return callSubject(holder as CallExpression, name.span)
    default:
      return null
  }
}

function nameSubject(
  name: Identifier,
  { name: whole }: NameExpression,
  path: readonly Node[],
  index: ScriptIndex
): Subject | null {
  const scopes = scopesOf(path, index)
  if (name !== whole.parts.at(-1)) return partSubject(name, scopes)
  const found = resolveColumn(whole, scopes)
  if (found !== null) return columnSubject(found.column, found.part.name, name.span)
  const item = resolveAlias(whole, scopes)
  return item === null ? null : itemSubject(item, name.span, index)
}

function partSubject(name: Identifier, scopes: readonly Scope[]): Subject | null {
  const part = resolvePart(name, scopes)
  return part === null ? null : relationSubject(name.name, part.columns, part.span, name.span)
}

/** A column by its alias. */
function itemSubject(
  { alias, expression }: SelectItem,
  span: Span,
  { findings }: ScriptIndex
): Subject | null {
  if (alias === null) return null
  const expr = findings.expressions.get(expression)
  const type = expr === undefined ? null : showType(expr.type)
  const nullable = expr?.nullable !== false
  return columnSubject({ name: alias.name, type, nullable, span: alias.span }, null, span)
}

function tableSubject(
  name: Identifier,
  relation: TableRelation,
  path: readonly Node[],
  index: ScriptIndex
): Subject | null {
  const common = commonTables(path)
  const match = matchName(name, common, table => table.name.name)
  if (match.kind === 'Found') {
    const [part] = partsOf(relation, index, common)
    return relationSubject(name.name, part!.columns, match.value.name.span, name.span)
  }
  const declared = findDeclared(name, index.declared)
  return declared === null ? null : declaredSubject(declared, null, name.span)
}

/** An alias, or a column's name in its list. */
function aliasSubject(name: Identifier, path: readonly Node[], index: ScriptIndex): Subject | null {
  const relation = path.findLast(node => node.kind.endsWith('Relation')) as Relation | undefined
  const [part] = relation === undefined ? [] : partsOf(relation, index, commonTables(path))
  if (part === undefined) return null
  if (part.span === name.span) {
    return relationSubject(name.name, part.columns, part.span, name.span)
  }
  const column = part.columns.find(one => one.name === name.name)
  return column === undefined ? null : columnSubject(column, part.name, name.span)
}

function commonTableSubject(
  name: Identifier,
  path: readonly Node[],
  index: ScriptIndex
): Subject | null {
  const table = commonTables(path).find(one => one.name === name)
  if (table === undefined) return null
  return relationSubject(name.name, columnsOfQuery(table.query, index), name.span, name.span)
}

function callSubject({ name }: CallExpression, span: Span): Subject | null {
  const entry = findListed(name.parts.at(-1)!.name)
  return entry === null ? null : functionSubject(entry, span)
}

/** What is listed of a function that a script can call; null: there is none. */
export function findListed(name: string): ListedFunction | null {
  const wanted = findFunction(name)?.name ?? name.toLowerCase()
  return listFunctions().find(listed => listed.name === wanted) ?? null
}
