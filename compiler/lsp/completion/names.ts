import { SqlLexer, SqlParser } from '#grammar'
import { callableNames } from '../../functions/index.ts'
import type { Declared } from '../declared.ts'
import { findListed } from '../query-subject.ts'
import { findDeclared } from '../scope.ts'
import type { ScriptIndex } from '../script-index.ts'
import { columnItem, declaredItem, functionItem, type Item, nameItem, typeItem } from './items.ts'
import { ownColumns } from './own-columns.ts'
import type { Place } from './place.ts'
import type { ScopeAt } from './scopes-at.ts'

/** Behind `name.`: the columns of what is called so. */
export function memberItems(place: Place, scopes: readonly ScopeAt[]): readonly Item[] {
  const qualifier = place.tokens[place.at - 2]?.text?.replace(/^["`]|["`]$/g, '').toLowerCase()
  const part = scopes
    .flatMap(({ parts }) => parts)
    .find(({ name }) => name?.toLowerCase() === qualifier)
  return part?.columns.map(column => columnItem(column, null)) ?? []
}

/** What an expression can be made of. */
export function expressionItems(place: Place, scopes: readonly ScopeAt[]): readonly Item[] {
  const columns = scopes.flatMap(({ parts }, i) => {
    const nearer = scopes.slice(0, i).flatMap(scope => namesOf(scope.parts))
    const own = namesOf(parts)
    const isClear = (name: string): boolean =>
      !nearer.includes(name) && own.indexOf(name) === own.lastIndexOf(name)
    return parts.flatMap(part =>
      part.columns.map(column =>
        columnItem(column, isClear(column.name.toLowerCase()) ? null : part.name)
      )
    )
  })
  const parts = scopes.flatMap(scope => scope.parts)
  const relations = parts.flatMap(({ name }) => (name === null ? [] : nameItem(name)))
  const functions = callableNames().map(name => functionItem(name, findListed(name)))
  return [...columns, ...relations, ...aliasItems(place, scopes), ...functions]
}

function namesOf(parts: ScopeAt['parts']): string[] {
  return parts.flatMap(part => part.columns.map(column => column.name.toLowerCase()))
}

/** GROUP BY, HAVING and ORDER BY know the names of the select list. */
function aliasItems({ rules }: Place, scopes: readonly ScopeAt[]): readonly Item[] {
  const clauses = [SqlParser.RULE_groupBy, SqlParser.RULE_havingClause, SqlParser.RULE_orderBy]
  if (!clauses.some(rule => rules.includes(rule))) return []
  return scopes[0]?.aliases.map(nameItem) ?? []
}

const relationStarts = new Set([
  ...[SqlLexer.KW_FROM, SqlLexer.KW_JOIN, SqlLexer.COMMA, SqlLexer.LEFT_PAREN, SqlLexer.KW_TABLE]
])

/** What FROM can read; nothing where the relation is written and only its alias may follow. */
export function relationItems(
  { tokens, at }: Place,
  scopes: readonly ScopeAt[],
  { declared }: ScriptIndex
): readonly Item[] {
  if (!relationStarts.has(tokens[at - 1]?.type ?? SqlLexer.EOF)) return []
  const common = scopes.flatMap(scope => scope.common)
  return [...common.map(nameItem), ...ofKinds(declared, ['source', 'table', 'view'])]
}

/** What a statement acts on, by the token before the place; null: that token says nothing about it. */
export function targetItems(place: Place, { declared }: ScriptIndex): readonly Item[] | null {
  const { rules, tokens, at } = place
  const before = tokens[at - 1]?.type ?? SqlLexer.EOF
  const has = (rule: number): boolean => rules.includes(rule)
  if (before === SqlLexer.KW_INTO || has(SqlParser.RULE_testExpect)) {
    return ofKinds(declared, ['table', 'sink'])
  }
  if (has(SqlParser.RULE_testInput)) return ofKinds(declared, ['source'])
  if (before === SqlLexer.KW_MODEL && !has(SqlParser.RULE_createModel)) {
    return ofKinds(declared, ['model'])
  }
  if (before === SqlLexer.KW_UPDATE || has(SqlParser.RULE_deleteStatement)) {
    return ofKinds(declared, ['table'])
  }
  if (has(SqlParser.RULE_createSink) || has(SqlParser.RULE_createSource)) {
    return connectorOrTable(before, has(SqlParser.RULE_createSink), declared)
  }
  return namedKinds(before, declared)
}

function connectorOrTable(
  before: number,
  isSink: boolean,
  declared: readonly Declared[]
): readonly Item[] | null {
  const isFirst = before === (isSink ? SqlLexer.KW_TO : SqlLexer.KW_FROM)
  if (isFirst) return [typeItem('KAFKA')]
  const readsTable = before === SqlLexer.KW_FROM || before === SqlLexer.KW_TABLE
  return isSink && readsTable ? ofKinds(declared, ['table', 'source', 'view']) : null
}

/** Of DROP, ALTER and DESCRIBE. */
function namedKinds(before: number, declared: readonly Declared[]): readonly Item[] | null {
  switch (before) {
    case SqlLexer.KW_SOURCE:
      return ofKinds(declared, ['source'])
    case SqlLexer.KW_SINK:
      return ofKinds(declared, ['sink'])
    case SqlLexer.KW_TABLE:
      return ofKinds(declared, ['table'])
    case SqlLexer.KW_VIEW:
      return ofKinds(declared, ['view'])
    case SqlLexer.KW_DESCRIBE:
    case SqlLexer.KW_DESC:
      return ofKinds(declared, ['source', 'sink', 'table', 'view'])
    default:
      return null
  }
}

/** The columns of a statement's target: `INSERT INTO t (|`, `UPDATE t SET |`, `INPUT s (|`, `PRIMARY KEY (|`. */
export function targetColumnItems(place: Place, { declared }: ScriptIndex): readonly Item[] {
  const { rules, tokens, first, at } = place
  const own = ownColumns(place)
  if (own !== null) return own.columns.map(column => columnItem(column, null))
  let opening = at - 1
  while (opening > first && tokens[opening]!.type !== SqlLexer.LEFT_PAREN) opening--
  const isUpdate = rules.includes(SqlParser.RULE_assignment)
  const name = tokens[isUpdate ? first + 1 : opening - 1]?.text ?? ''
  const target = findDeclared({ name, quoted: false }, declared)
  return target?.columns.map(column => columnItem(column, null)) ?? []
}

function ofKinds(declared: readonly Declared[], kinds: readonly Declared['kind'][]): Item[] {
  return declared.filter(({ kind }) => kinds.includes(kind)).map(declaredItem)
}
