import { regexOfRow } from '../../functions/regexp-pattern.ts'
import { testRegex } from '../../regex/index.ts'
import type { CatalogRow } from './catalog-rows.ts'
import { notAnswered } from './not-answered.ts'

export type Condition = (row: CatalogRow) => boolean

const COLUMN = String.raw`(\w+(?:\.\w+)?)`
const STRING = String.raw`'((?:[^']|'')*)'`

/** Drivers say that their parameters are texts, as `CAST('x' AS text)` or `'x'::text`: all is one here. */
const TYPED =
  /cast\(('(?:[^']|'')*') as (?:varchar|text|name)\)|('(?:[^']|'')*')::(?:varchar|text|name)\b/g

/** The forms of conditions that psql and drivers write. */
const forms: readonly (readonly [RegExp, (groups: readonly string[]) => Condition])[] = [
  [
    new RegExp(String.raw`^${COLUMN}(?: operator\(~\)|~)${STRING}(?:collate default)?$`),
    ([column, pattern]) => matches(column!, pattern!)
  ],
  [
    new RegExp(String.raw`^${COLUMN}!~${STRING}$`),
    ([column, pattern]) => not(matches(column!, pattern!))
  ],
  [new RegExp(`^${COLUMN}=${STRING}$`), ([column, value]) => equals(column!, [value!])],
  [
    new RegExp(`^${COLUMN}(?:<>|!=)${STRING}$`),
    ([column, value]) => not(equals(column!, [value!]))
  ],
  [
    new RegExp(String.raw`^${COLUMN} in\(((?:${STRING},?)+)\)$`),
    ([column, list]) => equals(column!, itemsOf(list!))
  ],
  [
    new RegExp(String.raw`^${COLUMN}=any\(array\[((?:${STRING},?)+)\]\)$`),
    ([column, list]) => equals(column!, itemsOf(list!))
  ],
  [
    new RegExp(String.raw`^${COLUMN} not in\(((?:${STRING},?)+)\)$`),
    ([column, list]) => not(equals(column!, itemsOf(list!)))
  ],
  [
    new RegExp(String.raw`^(?:t\.)?oid=to_regtype\(${STRING}\)$`),
    ([name]) => equals('typname', [name!])
  ],
  [/^pg_table_is_visible\(c\.oid\)$/, () => always],
  [/^a\.attnum>0$/, () => always],
  [/^not a\.attisdropped$/, () => always],
  // What psql joins, which each row has beside it already.
  [/^c\.oid=i\.indrelid$/, () => always],
  [/^i\.indexrelid=c2\.oid$/, () => always],
  [/^true$/, () => always]
]

/** Null: it has none of the forms. */
export function readCondition(text: string): Condition | null {
  const plain = text.replaceAll(TYPED, '$1$2')
  for (const [form, make] of forms) {
    const match = form.exec(plain)
    if (match !== null) return make(match.slice(1))
  }
  return null
}

function always(): boolean {
  return true
}

function not(condition: Condition): Condition {
  return row => !condition(row)
}

function equals(column: string, values: readonly string[]): Condition {
  const all = values.map(unescaped)
  return row => all.includes(textOf(row, column))
}

function matches(column: string, pattern: string): Condition {
  const regex = regexOfRow(unescaped(pattern), '', -1)
  return row => testRegex(regex, textOf(row, column))
}

function textOf(row: CatalogRow, column: string): string {
  const value = row.valueOf(column)
  if (value === undefined) throw notAnswered(`its condition is on ${column}`)
  return value ?? ''
}

function itemsOf(list: string): readonly string[] {
  return [...list.matchAll(new RegExp(STRING, 'g'))].map(([, item]) => item!)
}

function unescaped(text: string): string {
  return text.replaceAll("''", "'")
}
