import { arrayOf, DOUBLE, type SqlType } from '../types/index.ts'
import type { BoundModel } from './bound.ts'

/** How many numbers a model answers for a row. */
export function answerWidth({ output }: BoundModel): number {
  return output.index === null ? output.width : 1
}

/** What `predict` gives: one number, or all that the model answers for a row. */
export function answerType(model: BoundModel): SqlType {
  return answerWidth(model) === 1 ? DOUBLE : arrayOf(DOUBLE)
}
