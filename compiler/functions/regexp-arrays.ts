import { js } from '../code/index.ts'
import { arrayOf, TEXT } from '../types/index.ts'
import {
  defineFunction,
  signature,
  type FunctionEntry,
  type RuntimeName,
  type Signature
} from './entry.ts'
import { checkRegexp, patternOf, textOf } from './regexp-pattern.ts'

/** With the pattern, and with flags behind it. */
function overloads(name: RuntimeName, givesNull: boolean): readonly Signature[] {
  return [
    [TEXT, TEXT],
    [TEXT, TEXT, TEXT]
  ].map(params =>
    signature(
      params,
      arrayOf(TEXT),
      ([text, pattern], cx) => {
        const flags = textOf(cx.call.args[2]) ?? ''
        return js`${cx.use(name)}(${text!}, ${patternOf(pattern!, 1, flags, cx)})`
      },
      { canFail: true, givesNull }
    )
  )
}

/** Regular expressions that give several texts. */
export const regexpArrayFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'regexp_match',
    kind: 'function',
    signatures: overloads('regexpMatch', true),
    cost: 40,
    check: args => checkRegexp(args, 1, 2),
    doc: 'What the groups of the first match hold, or the whole match where the pattern has none; NULL if nothing matches.',
    example: "regexp_match('order 42', '(\\w+) (\\d+)') = ARRAY['order', '42']"
  }),
  defineFunction({
    name: 'regexp_split_to_array',
    kind: 'function',
    signatures: overloads('regexpSplit', false),
    cost: 50,
    check: args => checkRegexp(args, 1, 2),
    doc: 'The parts of the text between the matches. UNNEST makes rows of them.',
    example: "regexp_split_to_array('a, b;c', '[,;] *') = ARRAY['a', 'b', 'c']"
  })
]
