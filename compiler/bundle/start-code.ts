/** What every start goes through. Less of the rest runs than would have to be read: folders of which a start runs a third stand here. */
const START =
  /(^|\/)(runtime\/(access|codec|connect|http|native|observe|pipeline|run)|@confluentinc\/kafka-javascript)\//

/** As V8's inspector counts them, from 0. */
interface Place {
  readonly lineNumber: number
  readonly columnNumber: number
}

export interface CodeRange {
  readonly start: Place
  readonly end: Place
}

/** Of a source map what is needed here. */
export interface CodeOrigins {
  readonly sources: readonly string[]
  readonly mappings: string
}

/** Where the bundle has the code that a start goes through: its functions are compiled beforehand. Neighbours are one range. */
export function findStartCode({ sources, mappings }: CodeOrigins): readonly CodeRange[] {
  const isStart = sources.map(path => START.test(path))
  const ranges: CodeRange[] = []
  let start: Place | null = null
  let last: Place | null = null
  for (const { source, ...place } of readMappings(mappings)) {
    if (isStart[source] === true) start ??= place
    else if (start !== null) {
      ranges.push({ start, end: place })
      start = null
    }
    last = place
  }
  if (start !== null && last !== null) ranges.push({ start, end: last })
  return ranges
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const DIGIT_OF = new Map([...DIGITS].map((digit, value) => [digit.charCodeAt(0), value]))
const SEMICOLON = ';'.charCodeAt(0)
const COMMA = ','.charCodeAt(0)

/** https://tc39.es/ecma426/#sec-mappings: each text of the bundle, and the number of the source that it comes of. */
function* readMappings(mappings: string): Generator<Place & { readonly source: number }> {
  let [lineNumber, columnNumber, source] = [0, 0, 0]
  /** Which number of the mapping it is, and its digits so far. */
  let [field, value, shift] = [0, 0, 0]
  for (let i = 0; i <= mappings.length; i++) {
    const char = i === mappings.length ? SEMICOLON : mappings.charCodeAt(i)
    if (char !== SEMICOLON && char !== COMMA) {
      const digit = DIGIT_OF.get(char)!
      value |= (digit & 31) << shift
      shift += 5
      if ((digit & 32) !== 0) continue
      const number = value & 1 ? -(value >>> 1) : value >>> 1
      if (field === 0) columnNumber += number
      else if (field === 1) source += number
      field++
      ;[value, shift] = [0, 0]
      continue
    }
    // With one number alone, the text comes of nothing.
    if (field > 1) yield { lineNumber, columnNumber, source }
    field = 0
    if (char === COMMA) continue
    lineNumber++
    columnNumber = 0
  }
}
