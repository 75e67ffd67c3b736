/** Members by name and elements by index, from the end where negative. */
export type JsonPathSteps = readonly (string | number)[]

// RFC 9535's singular paths. Beyond it, a name without quotes may hold $ and - after its first letter, and ."name" is taken
// as ["name"], as in PostgreSQL's and MySQL's paths.
const BLANK = String.raw`[ \t\n\r]*`
const NAME = String.raw`\.([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff-]*)`
const SINGLE = String.raw`'((?:[^'\\\u0000-\u001f]|\\.)*)'`
const DOUBLE = String.raw`"((?:[^"\\\u0000-\u001f]|\\.)*)"`
const INDEX = String.raw`(0|-?[1-9]\d*)`
const STEP = new RegExp(
  `${BLANK}(?:${NAME}|\\.${DOUBLE}|\\[${BLANK}(?:${INDEX}|${SINGLE}|${DOUBLE})${BLANK}\\])`,
  'y'
)

/** `$.a[-1]["b c"]` to its steps; null if it is no path to a single value: wildcards, slices and filters are none. */
export function parseJsonPath(text: string): JsonPathSteps | null {
  if (text[0] !== '$') return null
  const steps: (string | number)[] = []
  for (STEP.lastIndex = 1; STEP.lastIndex < text.length;) {
    const match = STEP.exec(text)
    if (match === null) return null
    const [, name, dotted, index, single, double] = match
    const step = index === undefined ? (name ?? unescape(dotted ?? double, single)) : toIndex(index)
    if (step === null) return null
    steps.push(step)
  }
  return steps
}

function toIndex(digits: string): number | null {
  const index = Number(digits)
  return Number.isSafeInteger(index) ? index : null
}

/** In single quotes a single quote is escaped, and a double one is not. */
const asInDoubleQuotes: Readonly<Record<string, string>> = {
  "\\'": "'",
  '"': '\\"',
  // No escape of JSON's either, so that it is refused.
  '\\"': "\\'"
}

/** The name that quotes hold; null where an escape is none. */
function unescape(double: string | undefined, single: string | undefined): string | null {
  const json = double ?? single!.replace(/\\.|"/gs, part => asInDoubleQuotes[part] ?? part)
  try {
    const name = JSON.parse(`"${json}"`) as string
    return name.isWellFormed() ? name : null
  } catch {
    return null
  }
}
