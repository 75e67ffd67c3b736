import type { RandomCase } from './random-case.ts'
import { smallerQueries } from './shrink-query.ts'
import type { Step } from './tables.ts'

/** Makes a failing case smaller as long as it fails, with so many attempts at most. */
export async function shrinkCase(
  failing: RandomCase,
  fails: (smaller: RandomCase) => Promise<boolean>,
  attempts: number
): Promise<RandomCase> {
  let current = failing
  for (let left = attempts; left > 0;) {
    const before = current
    for (const smaller of smallerCases(current)) {
      if (left-- <= 0) return current
      if (await fails(smaller)) {
        current = smaller
        break
      }
    }
    if (current === before) return current
  }
  return current
}

function* smallerCases({ query, steps }: RandomCase): Generator<RandomCase> {
  for (const smaller of smallerSteps(steps)) yield { query, steps: smaller }
  for (const smaller of smallerQueries(query)) yield { query: smaller, steps }
}

/** Whole steps go first, then single changes. */
function* smallerSteps(steps: readonly Step[]): Generator<readonly Step[]> {
  if (steps.length > 1) for (const i of steps.keys()) yield steps.toSpliced(i, 1)
  for (const [i, step] of steps.entries()) {
    if (step.length > 1) {
      for (const j of step.keys()) yield steps.with(i, step.toSpliced(j, 1))
    }
  }
}
