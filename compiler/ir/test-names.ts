import type { BoundTest, BoundTestStep, BoundTestTarget } from './bound-test.ts'

/** The task that writes the rows of a test's step. */
export function testValuesName(test: number, step: number): string {
  return `test ${test + 1} step ${step + 1}`
}

/**
 * The sink whose records an EXPECT compares: for a table one that only tests have, whatever sinks publish it. No sink of a
 * script can have its name: scripts hold no NUL.
 */
export function testSinkName({ kind, name }: BoundTestTarget): string {
  return kind === 'Sink' ? name : `EXPECT\0${name}`
}

/** The statements that tests make, in order. */
export function changesOfTests(
  tests: readonly BoundTest[]
): readonly Extract<BoundTestStep, { kind: 'Change' }>[] {
  return tests.flatMap(({ steps }) => steps.filter(step => step.kind === 'Change'))
}
