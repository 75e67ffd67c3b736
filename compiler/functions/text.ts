import { js } from '../code/index.ts'
import { BOOLEAN, BYTES, INT, TEXT } from '../types/index.ts'
import { calls, callsAtSite } from './calls.ts'
import { defineFunction, signature, type FunctionEntry } from './entry.ts'
import { checkRegexp, checkSimilar } from './regexp-pattern.ts'
import { substringByPattern, substringBySimilar } from './regexp.ts'

export const textFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'length',
    kind: 'function',
    aliases: ['char_length', 'character_length'],
    signatures: [
      signature([TEXT], INT, calls('textLength')),
      signature([BYTES], INT, ([bytes]) => js`${bytes!}.length`)
    ],
    cost: 2,
    doc: 'Number of characters, or of bytes.',
    example: "length('kafka') = 5"
  }),
  defineFunction({
    name: 'lower',
    kind: 'function',
    signatures: [signature([TEXT], TEXT, ([text]) => js`${text!}.toLowerCase()`)],
    cost: 4,
    doc: 'The text in lower case.',
    example: "lower('ABC') = 'abc'"
  }),
  defineFunction({
    name: 'upper',
    kind: 'function',
    signatures: [signature([TEXT], TEXT, ([text]) => js`${text!}.toUpperCase()`)],
    cost: 4,
    doc: 'The text in upper case.',
    example: "upper('abc') = 'ABC'"
  }),
  defineFunction({
    name: 'substring',
    kind: 'function',
    aliases: ['substr'],
    signatures: [
      signature([TEXT, INT], TEXT, calls('substringFrom')),
      signature([TEXT, INT, INT], TEXT, callsAtSite('substring'), { canFail: true }),
      substringByPattern,
      substringBySimilar,
      signature([BYTES, INT], BYTES, calls('sliceBytesFrom')),
      signature([BYTES, INT, INT], BYTES, callsAtSite('sliceBytes'), { canFail: true })
    ],
    cost: 3,
    check: args => {
      if (args[1]?.type.kind !== 'Text') return null
      return args.length === 3 ? checkSimilar(args) : checkRegexp(args, 1, null)
    },
    doc: 'The characters from a position on (from 1), at most a number of them. Or what a regular expression matches, its first group where it has one; with a third text, the escape of a SIMILAR TO pattern, what two escaped double quotes enclose. Also SUBSTRING(a FROM b FOR c).',
    example: "substring('kafka', 2, 3) = 'afk'"
  }),
  defineFunction({
    name: 'replace',
    kind: 'function',
    signatures: [signature([TEXT, TEXT, TEXT], TEXT, calls('replaceText'))],
    cost: 6,
    doc: 'The text with every occurrence of the second argument replaced by the third.',
    example: "replace('a-b-c', '-', '.') = 'a.b.c'"
  }),
  defineFunction({
    name: 'position',
    kind: 'function',
    signatures: [
      signature(
        [TEXT, TEXT],
        INT,
        ([part, text], cx) => js`${cx.use('positionOf')}(${text!}, ${part!})`
      ),
      signature(
        [BYTES, BYTES],
        INT,
        ([part, bytes], cx) => js`${cx.use('positionOfBytes')}(${bytes!}, ${part!})`
      )
    ],
    cost: 4,
    doc: 'Where the first argument stands in the second, from 1; 0 if nowhere. Also POSITION(a IN b).',
    example: "position('f' IN 'kafka') = 3"
  }),
  defineFunction({
    name: 'strpos',
    kind: 'function',
    signatures: [signature([TEXT, TEXT], INT, calls('positionOf'))],
    cost: 4,
    doc: 'Where the second argument stands in the first, from 1; 0 if nowhere.',
    example: "strpos('kafka', 'f') = 3"
  }),
  defineFunction({
    name: 'left',
    kind: 'function',
    signatures: [signature([TEXT, INT], TEXT, calls('leftText'))],
    cost: 3,
    doc: 'The first characters; with a negative number, all but the last ones.',
    example: "left('kafka', 2) = 'ka'"
  }),
  defineFunction({
    name: 'fit_text',
    kind: 'function',
    signatures: [signature([TEXT, INT], TEXT, callsAtSite('fitText'), { canFail: true })],
    cost: 3,
    doc: 'The text, as a column of VARCHAR(n) takes it: with at most so many characters, or more that are blanks, which are cut off.',
    example: "fit_text('de  ', 2) = 'de'"
  }),
  defineFunction({
    name: 'right',
    kind: 'function',
    signatures: [signature([TEXT, INT], TEXT, calls('rightText'))],
    cost: 3,
    doc: 'The last characters; with a negative number, all but the first ones.',
    example: "right('kafka', 2) = 'ka'"
  }),
  defineFunction({
    name: 'split_part',
    kind: 'function',
    signatures: [signature([TEXT, TEXT, INT], TEXT, callsAtSite('splitPart'), { canFail: true })],
    cost: 6,
    doc: 'The n-th field between delimiters, from the end where n is negative; empty if there is none.',
    example: "split_part('a,b,c', ',', 2) = 'b'"
  }),
  defineFunction({
    name: 'starts_with',
    kind: 'function',
    signatures: [
      signature([TEXT, TEXT], BOOLEAN, ([text, prefix]) => js`${text!}.startsWith(${prefix!})`)
    ],
    cost: 2,
    doc: 'Whether the first argument begins with the second.',
    example: "starts_with('kafka', 'ka')"
  }),
  defineFunction({
    name: 'reverse',
    kind: 'function',
    signatures: [
      signature([TEXT], TEXT, calls('reverseText')),
      signature([BYTES], BYTES, calls('reverseBytes'))
    ],
    cost: 6,
    doc: 'The characters, or bytes, in reverse order.',
    example: "reverse('abc') = 'cba'"
  })
]
