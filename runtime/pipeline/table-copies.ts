import type { PipelineDefinition, TableDefinition } from '../contract/index.ts'
import type { StateSnapshot } from '../observe/snapshot.ts'
import { TableState } from '../state/index.ts'

/** The tables of a pipeline that are no state: a pipeline that goes back to its last commit goes on with them as they are. */
export class TableCopies {
  readonly #tables: ReadonlyMap<string, TableState>

  constructor({ copies = [], checksTables }: PipelineDefinition) {
    const make = (table: TableDefinition): TableState =>
      checksTables === true ? new EmptyTable(table) : new TableState(table)
    this.#tables = new Map(copies.map(table => [table.name, make(table)]))
  }

  /** Null: it is none of these. */
  get(name: string): TableState | null {
    return this.#tables.get(name) ?? null
  }

  /** To be called between two batches: no changelog is written of them. */
  forgetChanges(): void {
    for (const table of this.#tables.values()) table.forgetChanges()
  }

  measure(): readonly StateSnapshot[] {
    return [...this.#tables.values()].map(({ name, size, definition: { line } }) => {
      return { name, kind: 'copy', rows: size, bytes: size === 0 ? 0 : null, line }
    })
  }
}

/** What is stored has a key, or fails, and is forgotten. */
class EmptyTable extends TableState {
  override replace(): void {}
}
