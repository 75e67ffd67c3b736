import type { ModelRunner } from '../contract/index.ts'
import type { Place } from './plan.ts'

/** A model that answers what the test says, in the order of the rows that ask. */
export interface MockModel extends ModelRunner {
  readonly name: string
  /** Of the test's last step with answers. */
  readonly place: Place
  readonly given: number
  /** Rows that asked. More than `given`: some got no answer, which fails the test whatever became of them. */
  readonly asked: number
}

/** `answers` holds `width` numbers for each row. */
export function mockModel(
  name: string,
  place: Place,
  answers: readonly (readonly number[])[],
  width: number
): MockModel {
  let asked = 0
  return {
    name,
    place,
    given: answers.length,
    get asked() {
      return asked
    },
    async run(_columns, count, failed) {
      const first = asked
      asked += count
      for (let row = Math.max(0, answers.length - first); row < count; row++) {
        failed(row, 'model-failed', 'the test has no answer for this row')
      }
      return Float64Array.from(
        { length: count * width },
        (_, i) => answers[first + Math.floor(i / width)]?.[i % width] ?? NaN
      )
    }
  }
}
