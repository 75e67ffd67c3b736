import { js } from '../code/index.ts'
import { BOOLEAN, TEXT } from '../types/index.ts'
import { defineFunction, signature, type FunctionEntry } from './entry.ts'
import { checkRegexp, checkSimilar, patternOf, similarPatternOf } from './regexp-pattern.ts'

const fails = { canFail: true }

function matchOperator(name: string, symbol: string, flags: string, doc: string, example: string) {
  return defineFunction({
    name,
    kind: 'operator',
    symbol,
    signatures: [
      signature(
        [TEXT, TEXT],
        BOOLEAN,
        ([text, pattern], cx) =>
          js`${cx.use('matchesRegex')}(${text!}, ${patternOf(pattern!, 1, flags, cx)})`,
        fails
      )
    ],
    cost: 20,
    check: args => checkRegexp(args, 1, null),
    doc,
    example
  })
}

export const matchOperators: readonly FunctionEntry[] = [
  defineFunction({
    name: 'similar_to',
    kind: 'operator',
    symbol: 'SIMILAR TO',
    signatures: [
      signature(
        [TEXT, TEXT, TEXT],
        BOOLEAN,
        ([text, pattern, escape], cx) =>
          js`${cx.use('matchesRegex')}(${text!}, ${similarPatternOf(pattern!, escape!, cx)})`,
        fails
      )
    ],
    cost: 20,
    check: checkSimilar,
    doc: 'Whether the whole text matches: LIKE with | * + ? {m,n} ( ) and [...].',
    example: "'abc' SIMILAR TO '%(b|d)%'"
  }),
  matchOperator(
    'matches',
    '~',
    '',
    "Whether a regular expression of PostgreSQL's matches anywhere; !~ is the opposite. One pass, whatever the pattern: none can be made to run long. No references back to groups.",
    "'thomas' ~ 't.*ma'"
  ),
  matchOperator(
    'matches_any_case',
    '~*',
    'i',
    '~ without regard to case; !~* is the opposite.',
    "'thomas' ~* 'T.*MA'"
  )
]
