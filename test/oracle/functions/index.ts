import { arithmeticTwins } from './arithmetic.ts'
import { comparisonTwins } from './comparison.ts'
import type { Twins } from './entry.ts'
import { jsonTwins } from './json.ts'
import { mathTwins } from './math.ts'
import { textTwins } from './text.ts'

/** By the catalogue's names: the architecture test holds the two lists against each other. */
export const functions: Twins = {
  ...arithmeticTwins,
  ...comparisonTwins,
  ...jsonTwins,
  ...mathTwins,
  ...textTwins
}
