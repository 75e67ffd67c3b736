import type { LookedRows, RowLook } from '../contract/index.ts'
import type { RecordSamples, SampledPlace } from '../observe/record-samples.ts'
import { valueToJson } from '../query/render-json.ts'

interface Looked {
  readonly place: SampledPlace
  /** Each column's name and what writes its values, which are not NULL. */
  readonly columns: readonly (readonly [name: string, render: (value: never) => string])[]
}

/** Shows some of the rows that leave operators: one of each whenever it is time for another one. */
export class SampledRows implements RowLook {
  readonly due: Uint8Array
  readonly #looked: readonly Looked[]
  readonly #samples: RecordSamples

  constructor(rows: readonly LookedRows[], samples: RecordSamples) {
    this.due = new Uint8Array(rows.length)
    this.#looked = rows.map(({ key, columns }) => ({
      place: `operator ${key}`,
      columns: columns.map(({ name, type }) => [JSON.stringify(name), valueToJson(type)])
    }))
    this.#samples = samples
  }

  /** Between two batches: generated code asks no clock. */
  tick(): void {
    this.#looked.forEach(({ place }, i) => {
      this.due[i] = this.#samples.isDue(place) ? 1 : 0
    })
  }

  take(operator: number, row: readonly unknown[]): void {
    this.due[operator] = 0
    const { place, columns } = this.#looked[operator]!
    const fields = columns.map(([name, render], i) => {
      const value = row[i] ?? null
      return `${name}:${value === null ? 'null' : render(value as never)}`
    })
    const value = Buffer.from(`{${fields.join(',')}}`)
    this.#samples.take(place, () => ({ key: null, value }))
  }
}
