import { SetupError } from './shell.mjs'

/** Skipping is fine on a laptop; a CI run that leaves tests out must not look like one that did not. */
export function reportSkipped(tests, what, advice) {
  if (process.env.CI) throw new SetupError(`${what}, and CI is set: ${advice}`)
  const line = '!'.repeat(100)
  console.warn(`\n${line}\n! The tests ${tests} are SKIPPED: ${what}.\n! ${advice}\n${line}\n`)
}
