import type { Relation } from '../../contract/index.ts'
import { ADMIN } from '../admin.ts'
import { CATALOG_COLUMNS } from './catalog-columns.ts'
import { isNumber, typeOfOid, type Value } from './catalog-types.ts'
import { catalogRows } from './catalog-rows.ts'
import type { CatalogRow } from './catalog-row.ts'
import { numberRelations, OWNER, type NumberedRelation, SCHEMAS } from './numbered-relations.ts'
import { quoteIdent } from '../../functions/quote.ts'
import type { SessionFacts } from './session-facts.ts'
import { Work } from './work.ts'

export interface CatalogColumn {
  readonly name: string
  readonly type: string
  /** It is there under its table's name only: of the right side of USING, and what is no column but of each row. */
  readonly hidden?: boolean
}

interface KnownTable {
  readonly oid: number
  readonly columns: readonly CatalogColumn[]
}

/** One of PostgreSQL's own tables as it is for this pipeline. */
interface CatalogTable {
  readonly columns: readonly CatalogColumn[]
  readonly rows: () => readonly (readonly Value[])[]
}

/** PostgreSQL's own tables, by their names with their schemas. */
const known = new Map<string, KnownTable>(
  CATALOG_COLUMNS.trim()
    .split('\n')
    .map(line => {
      const [name, oid, ...columns] = line.split(' ')
      return [
        name!,
        {
          oid: Number(oid),
          columns: [...columns.map(columnOf), { name: 'tableoid', type: 'oid', hidden: true }]
        }
      ]
    })
)

function columnOf(text: string) {
  const [name, type] = text.split(':')
  return { name: name!, type: type! }
}

/** Whether PostgreSQL has such a table: `pg_class`, `pg_catalog.pg_class`, `information_schema.tables`. */
export function isCatalogTable(parts: readonly string[]): boolean {
  return keyOf(parts) !== null
}

function keyOf(parts: readonly string[]): string | null {
  const [schema, name] = parts.length === 1 ? ['pg_catalog', parts[0]!] : parts.slice(-2)
  const key = `${schema}.${name}`
  return known.has(key) ? key : null
}

/** What one question of the catalogue is about: the tables of the pipeline as PostgreSQL would list them. */
export class Catalogue {
  readonly facts: SessionFacts
  readonly work = new Work()
  /** What the places of texts in quotes take them for, by where they begin. */
  readonly literals = new Map<number, string>()
  readonly owner = { oid: OWNER, name: ADMIN }
  readonly #relations: readonly NumberedRelation[]
  readonly #rows = new Map<string, readonly (readonly Value[])[]>()

  constructor(relations: readonly Relation[], facts: SessionFacts) {
    this.#relations = numberRelations(relations)
    this.facts = facts
  }

  /** Null: there is no such table. */
  table(parts: readonly string[]): CatalogTable | null {
    const key = keyOf(parts)
    if (key === null) return null
    return { columns: known.get(key)!.columns, rows: () => this.#rowsOf(key) }
  }

  #rowsOf(key: string): readonly (readonly Value[])[] {
    const { oid, columns } = known.get(key)!
    const made = this.#rows.get(key)
    if (made !== undefined) return made
    const rows = catalogRows(key, this.#relations, this.facts).map(row =>
      columns.map(({ name, type }) =>
        valueOf({ tableoid: oid, ...row }, name, type, key.startsWith('pg_catalog'))
      )
    )
    this.#rows.set(key, rows)
    return rows
  }

  /** Of what has this number; the number where nothing has it. */
  nameOf(type: 'regclass' | 'regtype' | 'regnamespace' | 'regrole', oid: number): string {
    if (oid === 0) return '-'
    switch (type) {
      case 'regclass':
        return this.#className(oid)
      case 'regtype':
        return typeOfOid(oid)?.shown ?? String(oid)
      case 'regnamespace':
        return SCHEMAS.find(one => one.oid === oid)?.name ?? String(oid)
      case 'regrole':
        return oid === OWNER ? ADMIN : String(oid)
    }
  }

  /** Null: there is none of that name. */
  numberOf(type: 'regclass' | 'regnamespace' | 'regrole', name: string): number | null {
    if (type === 'regclass') return this.#classNumber(name)
    if (type === 'regrole') return name === ADMIN ? OWNER : null
    return SCHEMAS.find(one => one.name === name)?.oid ?? null
  }

  /** Whether its name means it without a schema: those of the pipeline's own are asked for with theirs. */
  isVisible(oid: number): boolean {
    const found = this.#relations.find(({ table, index }) => table === oid || index === oid)
    return found === undefined || found.relation.schema === 'public'
  }

  #className(oid: number): string {
    for (const { relation, table, index } of this.#relations) {
      if (table === oid) return this.#shown(relation, relation.name)
      if (index === oid) return this.#shown(relation, `${relation.name}_pkey`)
    }
    const [own] = [...known].find(one => one[1].oid === oid) ?? []
    return own === undefined ? String(oid) : own.replace(/^pg_catalog\./, '')
  }

  #shown({ schema }: Relation, name: string): string {
    return schema === 'public' ? quoteIdent(name) : `${schema}.${quoteIdent(name)}`
  }

  #classNumber(name: string): number | null {
    const parts = [...name.matchAll(/"((?:[^"]|"")*)"|([^."]+)/g)].map(([, quoted, plain]) =>
      quoted === undefined ? plain!.toLowerCase() : quoted.replaceAll('""', '"')
    )
    const last = parts.at(-1)
    const schema = parts.length > 1 ? parts.at(-2) : null
    for (const { relation, table, index } of this.#relations) {
      if (schema !== null && relation.schema !== schema) continue
      if (relation.name === last) return table
      if (relation.key !== null && `${relation.name}_pkey` === last) return index
    }
    const key = keyOf(parts)
    return key === null ? null : known.get(key)!.oid
  }

  /** Of a primary key: all of it, or the name of its column. Null: there is no such index. */
  indexDefinition(oid: number, column: number): string | null {
    const found = this.#relations.find(({ index }) => index === oid)
    if (found === undefined || found.relation.key === null) return null
    const { relation } = found
    const columns = relation.key!.map(at => quoteIdent(relation.columns[at]!.name))
    if (column > 0) return columns[column - 1] ?? ''
    const [name, table] = [quoteIdent(`${relation.name}_pkey`), this.#qualified(relation)]
    return `CREATE UNIQUE INDEX ${name} ON ${table} USING hash (${columns.join(', ')})`
  }

  #qualified({ schema, name }: Relation): string {
    return `${schema}.${quoteIdent(name)}`
  }

  /** Null: there is no such constraint. */
  constraintDefinition(oid: number): string | null {
    const found = this.#relations.find(({ constraint }) => constraint === oid)
    if (found === undefined || found.relation.key === null) return null
    const { relation } = found
    const columns = relation.key!.map(at => quoteIdent(relation.columns[at]!.name))
    const kind = relation.nullsInKey === true ? 'UNIQUE NULLS NOT DISTINCT' : 'PRIMARY KEY'
    return `${kind} (${columns.join(', ')})`
  }
}

/** What nobody says of a row is what PostgreSQL has where there is nothing: no, zero, or NULL. */
function valueOf(row: CatalogRow, name: string, type: string, isOfPostgres: boolean): Value {
  const value = row[name]
  if (value !== undefined || !isOfPostgres) return value ?? null
  if (type === 'bool') return false
  return isNumber(type) ? 0 : null
}
