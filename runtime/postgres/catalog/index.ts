import type { Asked } from '../../access/asked.ts'
import { answerTexts, type Rows } from '../answer.ts'
import {
  attributeRows,
  type CatalogRow,
  classRow,
  databaseRows,
  indexRows,
  namespaceRows,
  numbered,
  roleRows
} from './catalog-rows.ts'
import { type Condition, readCondition } from './conditions.ts'
import { typeRows } from './type-rows.ts'
import { readInformationSchema } from './information-schema.ts'
import { notAnswered } from './not-answered.ts'
import { type CatalogQuery, readCatalogQuery } from './read-query.ts'
import { askSession, type SessionFacts } from './session-functions.ts'

/** A table of PostgreSQL's own, where a query reads from. */
const CATALOG =
  /\bpg_catalog\s*\.|\b(?:from|join)\s+(?:pg_(?:am|attrdef|attribute|class|collation|constraint|database|description|enum|extension|index|inherits|namespace|proc|roles|settings|stat\w*|tables|trigger|type|user|views)|information_schema\s*\.)/i
const QUESTION = /^(select|with)\b/i
const nobody: SessionFacts = { user: '', database: '', processId: 0 }

/** Whether a statement asks for what PostgreSQL tells of itself, and not for what the pipeline keeps. */
export function isCatalogQuery(text: string): boolean {
  if (!QUESTION.test(text)) return false
  if (askSession(text, nobody) !== null) return true
  return CATALOG.test(text.replaceAll(/'(?:[^']|'')*'|"[^"]*"/g, ''))
}

/** What is never there, so that nothing of a query matters but its columns. */
const EMPTY =
  /^pg_(policy|statistic_ext|publication|inherits|trigger|rewrite|foreign_table|foreign_server|extension|event_trigger|subscription|attrdef|enum|description)\b|^pg_class c,pg_inherits i|^pg_foreign_/

/** `pg_class`, whatever is joined to it: rows have it beside them. SQLAlchemy gives it no other name. */
const CLASSES = /^pg_class (?:c\b|join pg_namespace on )/
const TYPES =
  /^pg_type(?: (?:as )?t)?(?: (?:left |inner )?join pg_namespace (?:as )?ns? on(?: t\.|[ (])?typnamespace=ns?\.oid\)?)?$/

/**
 * The answer of tables that are made for the question: those of PostgreSQL's catalogue that psql 15 reads for \d, \dt, \l, \dn and
 * their like, with the pipeline's tables in them. The queries are recognised clause by clause and not run by the engine, which knows
 * neither OIDs nor most of their functions; one with a clause that is not known is refused, never guessed at.
 */
export function answerCatalog(text: string, asked: Asked, facts: SessionFacts): Rows {
  const session = askSession(text, facts)
  if (session !== null) return answerTexts(session.names, [session.values])
  const query = readCatalogQuery(text)
  if (query === null) throw notAnswered('it has another form than those of psql')
  const information = readInformationSchema(query, asked.relations(), facts.database)
  if (information === null) return answer(query.items, rowsOf(query, asked, facts))
  const tests = testsOf(query)
  const all = information.columns.map(name => ({ text: name, name }))
  return answer(
    query.items.flatMap(item => (item.text === '*' ? all : [item])),
    information.rows.filter(row => tests.every(test => test(row)))
  )
}

function answer(items: CatalogQuery['items'], rows: readonly CatalogRow[]): Rows {
  return answerTexts(
    items.map(({ name }) => name),
    rows.map(row => items.map(item => valueOf(row, item.text)))
  )
}

function rowsOf(
  query: CatalogQuery,
  asked: Asked,
  { database }: SessionFacts
): readonly CatalogRow[] {
  const { from, conditions } = query
  if (EMPTY.test(from)) return []
  const all = sourceOf(from, asked, database)
  if (all === null) {
    // Functions and types: built-in ones are not listed, and there are no others.
    if (/^pg_(proc|type) \w/.test(from) && conditions.includes("n.nspname<>'pg_catalog'")) return []
    throw notAnswered(`it reads ${from}`)
  }
  // Nothing here cuts or groups.
  if (!/^(?:order by\b|$)/.test(query.tail)) throw notAnswered(`it ends with ${query.tail}`)
  const tests = testsOf(query)
  return sorted(all.filter(row => tests.every(test => test(row))))
}

function testsOf({ conditions }: CatalogQuery): readonly Condition[] {
  return conditions.map(condition => {
    const test = readCondition(condition)
    if (test === null) throw notAnswered(`its condition is ${condition}`)
    return test
  })
}

function sourceOf(from: string, asked: Asked, database: string): readonly CatalogRow[] | null {
  const relations = () => numbered(asked.relations())
  if (/^pg_class c,pg_class c2,pg_index i\b/.test(from)) return relations().flatMap(indexRows)
  if (CLASSES.test(from) && !from.includes(',')) return relations().map(classRow)
  if (from === 'pg_attribute a') return relations().flatMap(attributeRows)
  if (TYPES.test(from)) return typeRows()
  if (from === 'pg_namespace n') return namespaceRows()
  if (/^pg_database d\b/.test(from)) return databaseRows(database)
  return from === 'pg_roles r' ? roleRows() : null
}

/** By schema and name, as all that psql shows; the columns of a table stay in their order. */
function sorted(rows: readonly CatalogRow[]): readonly CatalogRow[] {
  const key = (row: CatalogRow): string =>
    `${row.valueOf('n.nspname') ?? ''}\0${row.valueOf('c.relname') ?? ''}`
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

function valueOf(row: CatalogRow, expression: string): string | null {
  const value = row.valueOf(expression)
  if (value === undefined) throw notAnswered(`it selects ${expression}`)
  return value
}
