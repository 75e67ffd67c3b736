import type { CatalogColumn, Catalogue } from './catalogue.ts'
import type { Value } from './catalog-types.ts'
import { notAnswered } from './not-answered.ts'
import { SqlStateError } from '../sql-state-error.ts'

/** A row that an expression is of, in the rows of the queries around its own. */
export interface Env {
  readonly row: readonly Value[]
  readonly around: Env | null
  /** All rows of its group, where there are groups; `row` is the first one. */
  readonly rows?: readonly (readonly Value[])[]
  /** What functions that give several rows have for this one. */
  readonly sets?: readonly Value[]
  /** What window functions have for it. */
  readonly windows?: Value[]
}

/** An expression, ready to be asked for its value. */
export interface Compiled {
  /** As PostgreSQL's catalogue calls it; `unknown`: a text whose type its place decides. */
  readonly type: string
  readonly of: (env: Env) => Value
  /** Of a text in quotes, where it begins. */
  readonly start?: number
}

export interface ScopeColumn extends CatalogColumn {
  readonly table: string
}

/** A query of WITH. */
export interface NamedQuery {
  readonly columns: readonly CatalogColumn[]
  /** What the query with the WITH stands in. */
  readonly around: Scope | null
  /** `around`: the row around the query with the WITH. */
  readonly rows: (around: Env | null) => readonly (readonly Value[])[]
}

/** What a select's items have asked for beside the values of a row. */
export interface Asked {
  isGrouped: boolean
  readonly sets: Compiled[]
  readonly windows: WindowCall[]
}

export interface WindowCall {
  readonly name: string
  readonly partition: readonly Compiled[]
  readonly order: readonly CompiledOrder[]
}

export interface CompiledOrder {
  readonly value: Compiled
  readonly descending: boolean
  readonly nullsFirst: boolean
}

/** The names of a query, and of those around it. */
export class Scope {
  readonly columns: readonly ScopeColumn[]
  readonly around: Scope | null
  readonly catalogue: Catalogue
  readonly queries: ReadonlyMap<string, NamedQuery>
  readonly asked: Asked
  /** The columns of its own that were named: what tells to which side of a join a condition belongs. */
  readonly named = new Set<number>()

  constructor(
    columns: readonly ScopeColumn[],
    around: Scope | null,
    catalogue: Catalogue,
    queries: ReadonlyMap<string, NamedQuery>,
    asked: Asked = { isGrouped: false, sets: [], windows: [] }
  ) {
    this.columns = columns
    this.around = around
    this.catalogue = catalogue
    this.queries = queries
    this.asked = asked
  }

  /** With other columns, at the same place. */
  with(columns: readonly ScopeColumn[]): Scope {
    return new Scope(columns, this.around, this.catalogue, this.queries, this.asked)
  }

  /** Of a query inside of this one. */
  inside(): Scope {
    return new Scope([], this, this.catalogue, this.queries)
  }

  column(parts: readonly string[]): Compiled {
    const found = this.#find(parts)
    if (found !== null) return found
    const shown = parts.join('.')
    throw new SqlStateError(
      '42703',
      `column ${shown.includes('.') ? shown : `"${shown}"`} does not exist`
    )
  }

  #find(parts: readonly string[]): Compiled | null {
    const places = this.#placesOf(parts)
    if (places.length > 1) throw notAnswered(`more than one table has a column ${parts.join('.')}`)
    const [place] = places
    if (place !== undefined) {
      this.named.add(place)
      return { type: this.columns[place]!.type, of: ({ row }) => row[place]! }
    }
    const outer = this.around === null ? null : this.around.#find(parts)
    if (outer === null) return null
    return { type: outer.type, of: ({ around }) => outer.of(around!) }
  }

  /** `pg_catalog.pg_class.relname`, `c.relname` or `relname`. */
  #placesOf(parts: readonly string[]): number[] {
    const name = parts.at(-1)!
    const table = parts.length > 1 ? parts.at(-2)! : null
    const places: number[] = []
    this.columns.forEach((column, i) => {
      if (column.name !== name) return
      if (table === null ? !column.hidden : column.table === table) places.push(i)
    })
    return places
  }
}
