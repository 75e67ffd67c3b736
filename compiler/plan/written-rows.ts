import {
  type BoundChange,
  type BoundScript,
  type BoundTable,
  type BoundValues,
  makeTable,
  type StreamNode,
  type TableNode
} from '../ir/index.ts'

/** Rows that queries write out, each list of them once: a table that nobody can name, and the statement that fills it. */
export class WrittenRows {
  readonly #tables = new Map<BoundValues, TableNode>()

  /** `nameOf` names the table that keeps them. */
  node(query: BoundValues, nameOf: () => string): StreamNode {
    const known = this.#tables.get(query)
    if (known !== undefined) return known
    const { schema, span } = query
    const kept = {
      key: null,
      nullsInKey: false,
      stored: true,
      source: null,
      declaration: null,
      written: true
    }
    const node = makeTable([], Object.freeze({ name: nameOf(), schema, ...kept, span }))
    this.#tables.set(query, node)
    return node
  }

  get tables(): readonly TableNode[] {
    return [...this.#tables.values()]
  }

  /** The script with what fills them, where it stands among its statements. */
  addTo(script: BoundScript): BoundScript {
    if (this.#tables.size === 0) return script
    const fill = ([{ rows, span }, { table }]: [BoundValues, TableNode]): BoundChange => ({
      kind: 'InsertValues',
      table: table.name,
      rows,
      span
    })
    const changes = [...script.changes, ...[...this.#tables].map(fill)]
    changes.sort((a, b) => a.span.start - b.span.start)
    const tables: BoundTable[] = [...script.tables, ...this.tables.map(({ table }) => table)]
    return Object.freeze({ ...script, tables, changes })
  }
}
