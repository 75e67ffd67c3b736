import type { Asked } from '../../access/asked.ts'
import type { Rows } from '../answer.ts'
import type { WireColumn } from '../messages.ts'
import { castValue, isObject } from './cast-value.ts'
import { Catalogue } from './catalogue.ts'
import { catalogWireType, type Value } from './catalog-types.ts'
import { compileQuery, NOTHING } from './compile-query.ts'
import { notAnswered } from './not-answered.ts'
import { parseCatalogQuery } from './parse-query.ts'
import { Scope } from './scope.ts'
import type { SessionFacts } from './session-facts.ts'

export { isCatalogQuery } from './is-catalog-query.ts'
export type { SessionFacts } from './session-facts.ts'

/** More are in no query of a tool's. */
const LONGEST = 50_000

/** The columns of the answer, and the OIDs of the types of parameters; nothing is run. `open`: where the parameters' texts begin. */
export function describeCatalog(
  text: string,
  open: readonly number[],
  asked: Asked,
  facts: SessionFacts
): { readonly columns: readonly WireColumn[]; readonly open: readonly number[] } {
  const { columns, catalogue } = compile(text, asked, facts)
  const types = open.map(start => catalogWireType(catalogue.literals.get(start) ?? 'text').oid)
  return { columns, open: types }
}

/** The answer to a question of PostgreSQL's catalogue, in which the pipeline's tables are those that there are. */
export function answerCatalog(text: string, asked: Asked, facts: SessionFacts): Rows {
  const { columns, rows } = compile(text, asked, facts)
  return { kind: 'rows', columns, rows: rows(), tag: count => `SELECT ${count}` }
}

function compile(text: string, asked: Asked, facts: SessionFacts) {
  if (text.length > LONGEST) throw notAnswered('it is too long')
  const catalogue = new Catalogue(asked.relations(), facts)
  const scope = new Scope([], null, catalogue, new Map())
  const { columns, rows } = compileQuery(parseCatalogQuery(text), scope)
  const show = columns.map(({ type }) => shownBy(type, catalogue))
  return {
    catalogue,
    columns: columns.map(({ name, type }) => ({ name, type: catalogWireType(type) })),
    rows: () => rows(NOTHING).map(row => row.map((value, i) => show[i]!(value)))
  }
}

/** What stands for something by its number is shown by its name. */
function shownBy(type: string, catalogue: Catalogue): (value: Value) => Value {
  if (!isObject(type)) return value => value
  return value => castValue(value, type, 'text', catalogue)
}
