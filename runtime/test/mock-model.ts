import type { ModelRunner } from '../contract/index.ts'
import type { Place, SuitePlan } from './plan.ts'
import { failAt } from './test-failure.ts'

/** A model that answers what the test says, in the order of the rows that ask. */
export interface MockModel extends ModelRunner {
  readonly name: string
  /** Answers that nobody has asked for. */
  readonly left: number
}

export function mockModel(
  suite: SuitePlan,
  name: string,
  place: Place,
  answers: readonly number[]
): MockModel {
  let next = 0
  return {
    name,
    get left() {
      return answers.length - next
    },
    async run(_columns, count) {
      if (next + count > answers.length) {
        const asked = `is asked for ${next + count} answer${next + count === 1 ? '' : 's'}`
        const given = `the test has ${answers.length}`
        throw failAt(suite, place, `model "${name}" ${asked}, but ${given}`)
      }
      next += count
      return Float64Array.from(answers.slice(next - count, next))
    }
  }
}
