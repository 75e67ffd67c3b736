import { arithmeticTwins } from './arithmetic.ts'
import { arrayTwins } from './array.ts'
import { arraySetTwins } from './array-sets.ts'
import { bitTwins } from './bytes-bits.ts'
import { bitwiseTwins } from './bitwise.ts'
import { bytesTwins } from './bytes.ts'
import { characterTwins } from './characters.ts'
import { comparisonTwins } from './comparison.ts'
import { digestTwins } from './digest.ts'
import type { Twins } from './entry.ts'
import { integerTwins } from './integers.ts'
import { jsonTwins } from './json.ts'
import { mapTwins } from './map.ts'
import { mathTwins } from './math.ts'
import { powerTwins } from './power.ts'
import { quoteTwins } from './quote.ts'
import { regexpTwins } from './regexp.ts'
import { rowTwins } from './row.ts'
import { textInsideTwins } from './text-inside.ts'
import { textTwins } from './text.ts'
import { timeFormatTwins } from './time-format.ts'
import { timeTwins } from './time.ts'
import { windowTwins } from './window-ends.ts'
import { trigonometricTwins } from './trigonometry.ts'
import { unicodeTwins } from './unicode.ts'
import { vectorTwins } from './vector.ts'

/** By the catalogue's names: the architecture test holds the two lists against each other. */
export const functions: Twins = {
  ...arithmeticTwins,
  ...arrayTwins,
  ...arraySetTwins,
  ...bitTwins,
  ...bitwiseTwins,
  ...bytesTwins,
  ...characterTwins,
  ...comparisonTwins,
  ...digestTwins,
  ...integerTwins,
  ...jsonTwins,
  ...mapTwins,
  ...mathTwins,
  ...powerTwins,
  ...quoteTwins,
  ...regexpTwins,
  ...rowTwins,
  ...textTwins,
  ...textInsideTwins,
  ...timeFormatTwins,
  ...timeTwins,
  ...windowTwins,
  ...trigonometricTwins,
  ...unicodeTwins,
  ...vectorTwins
}
