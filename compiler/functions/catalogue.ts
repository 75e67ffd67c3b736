import { arraySetFunctions } from './array-sets.ts'
import { arrayValueFunctions } from './array-values.ts'
import { arrayFunctions } from './array.ts'
import { add, divide, modulo, multiply, negate, subtract } from './arithmetic.ts'
import { bitwiseFunctions } from './bitwise.ts'
import { bitFunctions } from './bytes-bits.ts'
import { bytesFunctions } from './bytes.ts'
import { characterFunctions } from './characters.ts'
import { comparisons } from './comparison.ts'
import { concat, concatenate, concatWs } from './concat.ts'
import { decimalScaleFunctions } from './decimal-scale.ts'
import { digestFunctions } from './digest.ts'
import { extremes } from './extremes.ts'
import { forms } from './forms.ts'
import { integerFunctions } from './integers.ts'
import { jsonBuilders } from './json-build.ts'
import { jsonPathFunctions } from './json-paths.ts'
import { jsonFunctions } from './json.ts'
import { ilike, like, likeAny } from './like.ts'
import { mapFunctions } from './map.ts'
import { matchOperators } from './match.ts'
import { mathFunctions } from './math.ts'
import { powerFunctions } from './power.ts'
import { quoteFunctions } from './quote.ts'
import { regexpArrayFunctions } from './regexp-arrays.ts'
import { regexpFunctions } from './regexp.ts'
import { rowFunctions } from './row.ts'
import { textInsideFunctions } from './text-inside.ts'
import { textFunctions } from './text.ts'
import { timeFieldFunctions } from './time-fields.ts'
import { timeMakers } from './time-makers.ts'
import { timeTextFunctions } from './time-texts.ts'
import { windowFunctions } from './window-ends.ts'
import { trigonometricFunctions } from './trigonometry.ts'
import { trimFunctions } from './trim.ts'
import { unicodeFunctions } from './unicode.ts'
import { vectorFunctions } from './vector.ts'
import type { FunctionEntry } from './entry.ts'

/** Every function, operator and form of the language that compiles, in the order in which people read them. */
export const catalogue: readonly FunctionEntry[] = [
  ...forms,
  ...comparisons,
  like,
  ilike,
  likeAny,
  ...matchOperators,
  ...[add, subtract, multiply, divide, modulo, negate],
  ...bitwiseFunctions,
  ...mathFunctions,
  ...integerFunctions,
  ...decimalScaleFunctions,
  ...powerFunctions,
  ...trigonometricFunctions,
  ...extremes,
  ...[concatenate, concat, concatWs],
  ...textFunctions,
  ...textInsideFunctions,
  ...trimFunctions,
  ...characterFunctions,
  ...unicodeFunctions,
  ...quoteFunctions,
  ...digestFunctions,
  ...regexpFunctions,
  ...regexpArrayFunctions,
  ...bytesFunctions,
  ...bitFunctions,
  ...timeFieldFunctions,
  ...timeTextFunctions,
  ...windowFunctions,
  ...timeMakers,
  ...arrayFunctions,
  ...arrayValueFunctions,
  ...arraySetFunctions,
  ...mapFunctions,
  ...rowFunctions,
  ...vectorFunctions,
  ...jsonFunctions,
  ...jsonPathFunctions,
  ...jsonBuilders
]

const byName = new Map(catalogue.map(entry => [entry.name, entry]))

/** What scripts may call, by lower-case name or alias. */
const callable = new Map(
  catalogue
    .filter(entry => entry.kind === 'function' || entry.aliases.length > 0)
    .flatMap(entry =>
      (entry.kind === 'function' ? [entry.name, ...entry.aliases] : entry.aliases).map(
        name => [name, entry] as const
      )
    )
)

/** The entry that a `CallExpr.function` names. */
export function entryOf(name: string): FunctionEntry {
  const entry = byName.get(name)
  if (entry === undefined) throw new Error(`no function ${name} in the catalogue`)
  return entry
}

/** The function that a script calls by this name, in any case; null where there is none. */
export function findFunction(name: string): FunctionEntry | null {
  return callable.get(name.toLowerCase()) ?? null
}

/** All names that a script can call: for did-you-mean. */
export function callableNames(): readonly string[] {
  return [...callable.keys(), 'coalesce', 'nullif', 'predict', 'typeof', 'pg_typeof']
}
