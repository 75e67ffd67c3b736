import { follow } from '../decode.ts'
import { Failure } from '../failure.ts'
import { type Json, parseJson } from '../json.ts'
import type { Twins } from './entry.ts'

const STEP =
  /\.([^.["'\s]+)|\.?"((?:[^"\\]|\\.)*)"|\[(-?\d+)\]|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*"((?:[^"\\]|\\.)*)"\s*\]/y

/** '$.a[0]."b c"' as the members and elements to follow. */
function parsePath(path: string): (string | number)[] {
  const steps: (string | number)[] = []
  const text = path.trim()
  for (let at = 1; at < text.length; at = STEP.lastIndex) {
    STEP.lastIndex = at
    const match = STEP.exec(text)
    if (match === null) throw new Failure('invalid-path', path)
    const [, plain, dotted, index, single, double] = match
    if (index !== undefined) steps.push(Number(index))
    else if (plain !== undefined) steps.push(plain)
    else steps.push((dotted ?? single ?? double ?? '').replace(/\\(.)/g, '$1'))
  }
  return steps
}

function parseDocument(text: string): Json {
  try {
    return parseJson(text, Infinity)
  } catch {
    throw new Failure('invalid-json', 'not JSON')
  }
}

export const jsonTwins: Twins = {
  json_extract: {
    evaluate: ([document, path]: readonly [string, string]) => {
      const found = follow(parseDocument(document), parsePath(path))
      return found === null || found.kind === 'Null' ? null : found.text
    }
  }
}
