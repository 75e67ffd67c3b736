import { inspect } from 'node:util'
import { printable } from '../observe/printable.ts'
import type { Place, SuitePlan } from './plan.ts'

/** A test that fails, as its reader sees it: no stack of JavaScript. */
export class TestFailure extends Error {
  override readonly name = 'TestFailure'

  constructor(message: string) {
    super(message)
    this.stack = message
  }

  /** Reporters print errors with `inspect`, which would put what has no stack into brackets. */
  [inspect.custom](): string {
    return this.message
  }
}

/** A failure at a place in the SQL: a sentence, and details below it. */
export function failAt(
  { file }: SuitePlan,
  { line, column }: Place,
  what: string,
  details = ''
): TestFailure {
  const head = `${printable(file)}:${line}:${column}: ${printable(what)}`
  return new TestFailure(details === '' ? head : `${head}\n\n${details}`)
}
