import type { BoundTable } from '../../compiler/ir/index.ts'
import { compareValues } from './compare.ts'
import { Failure } from './failure.ts'
import type { Row } from './value.ts'

/** A row of a table before and after a change; null: it was not there, or is gone. */
export interface Change {
  readonly before: Row | null
  readonly after: Row | null
}

/** A table as a list of rows, searched from the front. */
export class OracleTable {
  readonly #table: BoundTable
  #rows: Row[] = []

  constructor(table: BoundTable) {
    this.#table = table
  }

  get rows(): readonly Row[] {
    return this.#rows
  }

  /** A row of a stream: it replaces the one of its key. */
  upsert(row: Row): Change {
    const before = this.#find(row)
    if (before === null) this.#rows.push(row)
    else this.#rows = this.#rows.map(other => (other === before ? row : other))
    return { before, after: row }
  }

  /** A row that changes: where its key is another, what it was goes. */
  store({ before, after }: Change): Change[] {
    const stays = before !== null && after !== null && this.#sameKey(before, after)
    const left = before === null || stays ? [] : this.delete(before)
    return after === null ? left : [...left, this.upsert(after)]
  }

  /** The row that has the key of `row`. */
  delete(row: Row): Change[] {
    const before = this.#find(row)
    return before === null ? [] : this.remove([before])
  }

  remove(rows: readonly Row[]): Change[] {
    this.#rows = this.#rows.filter(row => !rows.includes(row))
    return rows.map(before => ({ before, after: null }))
  }

  insert(rows: readonly Row[]): Change[] {
    rows.forEach((row, i) => {
      const earlier = rows.slice(0, i).some(other => this.#sameKey(other, row))
      if (this.#find(row) !== null || earlier) throw new Failure('duplicate-key', 'taken')
    })
    this.#rows.push(...rows)
    return rows.map(after => ({ before: null, after }))
  }

  /** A row whose key changes leaves and another comes; all leave before one comes. */
  update(updates: readonly { readonly before: Row; readonly after: Row }[]): Change[] {
    const moves = updates.filter(({ before, after }) => !this.#keeps(before, after))
    const stays = updates.filter(update => !moves.includes(update))
    const changes = this.remove(moves.map(({ before }) => before))
    changes.push(...this.insert(moves.map(({ after }) => after)))
    for (const { before, after } of stays) {
      this.#rows = this.#rows.map(row => (row === before ? after : row))
      changes.push({ before, after })
    }
    return changes
  }

  #keeps(before: Row, after: Row): boolean {
    return this.#table.key === null || this.#sameKey(before, after)
  }

  #find(row: Row): Row | null {
    const { key, nullsInKey } = this.#table
    if (key === null) return null
    if (!nullsInKey && key.some(index => (row[index] ?? null) === null))
      throw new Failure('null-key', 'NULL')
    return this.#rows.find(other => this.#sameKey(other, row)) ?? null
  }

  #sameKey(a: Row, b: Row): boolean {
    const { key, schema } = this.#table
    if (key === null) return false
    return key.every(index => {
      const [left, right] = [a[index] ?? null, b[index] ?? null]
      if (left === null || right === null) return left === right
      return compareValues(left, right, schema.columns[index]!.type) === 0
    })
  }
}
