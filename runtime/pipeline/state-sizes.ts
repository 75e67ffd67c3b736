import type { KeyedState, PipelineDefinition, StateChange } from '../contract/index.ts'
import type { StateSnapshot } from '../observe/snapshot.ts'

/** What the rows of each state take, estimated by those that were seen on their way into its changelog or out of it. */
export class StateSizes {
  readonly #definition: PipelineDefinition
  readonly #written = new Map<string, { rows: number; bytes: number }>()

  constructor(definition: PipelineDefinition) {
    this.#definition = definition
  }

  count({ table, key, row }: StateChange): void {
    if (row !== null) this.countRows(table, 1, key.length + row.length)
  }

  countRows(state: string, rows: number, bytes: number): void {
    let written = this.#written.get(state)
    if (written === undefined) this.#written.set(state, (written = { rows: 0, bytes: 0 }))
    written.rows += rows
    written.bytes += bytes
  }

  measure(states: readonly KeyedState[]): readonly StateSnapshot[] {
    const { tables, stages } = this.#definition
    const lines = new Map([...tables, ...stages].map(({ name, line }) => [name, line]))
    return states.map(({ name, size }) => {
      const written = this.#written.get(name)
      const bytes =
        size === 0 ? 0 : written === undefined ? null : (size * written.bytes) / written.rows
      const kind = tables.some(table => table.name === name) ? 'table' : 'stage'
      return { name, kind, rows: size, bytes: bytes && Math.round(bytes), line: lines.get(name)! }
    })
  }
}
