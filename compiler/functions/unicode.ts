import { js } from '../code/index.ts'
import type { Expr } from '../ir/index.ts'
import { BOOLEAN, INT, TEXT } from '../types/index.ts'
import { callsAtSite } from './calls.ts'
import { defineFunction, signature, type ArgumentFault, type FunctionEntry } from './entry.ts'
import { textOf } from './regexp-pattern.ts'

const FORMS = ['NFC', 'NFD', 'NFKC', 'NFKD']

function checkForm(form: Expr | undefined): ArgumentFault | null {
  if (form === undefined || FORMS.includes(textOf(form)?.toUpperCase() ?? '')) return null
  return {
    argument: 1,
    message: 'there is no such form of Unicode',
    hint: 'Write NFC, NFD, NFKC or NFKD.'
  }
}

/** What a text is made of, and what is not there. */
export const unicodeFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'normalize',
    kind: 'function',
    signatures: [
      signature([TEXT], TEXT, ([text]) => js`${text!}.normalize('NFC')`),
      signature([TEXT, TEXT], TEXT, ([text], cx) => {
        return js`${text!}.normalize(${textOf(cx.call.args[1])!.toUpperCase()})`
      })
    ],
    cost: 10,
    check: ([, form]) => checkForm(form),
    doc: 'The text in a normal form of Unicode: NFC, NFD, NFKC or NFKD.',
    example: "length(normalize('é', NFD)) = 2"
  }),
  defineFunction({
    name: 'is_normalized',
    kind: 'function',
    symbol: 'IS NORMALIZED',
    signatures: [
      signature([TEXT, TEXT], BOOLEAN, ([text, form], cx) => {
        return js`${cx.use('isNormalized')}(${[text!, form!]})`
      })
    ],
    cost: 12,
    check: ([, form]) => checkForm(form),
    doc: 'Whether a text is in a normal form of Unicode: NFC unless another one is named, as in IS NFKC NORMALIZED.',
    example: "'é' IS NORMALIZED"
  }),
  defineFunction({
    name: 'unistr',
    kind: 'function',
    signatures: [signature([TEXT], TEXT, callsAtSite('unescapeUnicode'), { canFail: true })],
    cost: 10,
    doc: 'The text with escapes as characters: \\0061, \\+01F600, \\u0061, \\U0001F600; \\\\ is a backslash.',
    example: "unistr('d\\0061t\\+000061') = 'data'"
  }),
  ...(['num_nulls', 'num_nonnulls'] as const).map(name =>
    defineFunction({
      name,
      kind: 'function',
      signatures: [],
      generic: {
        shown: [{ params: 'any types...', result: 'INT' }],
        resolve: args =>
          args.length === 0
            ? null
            : signature(
                args.map(({ type }) => type),
                INT,
                (values, cx) => {
                  const list = js`[${values}]`
                  const nulls = js`${cx.use('countNulls')}(${list})`
                  return name === 'num_nulls' ? nulls : js`${values.length} - ${nulls}`
                }
              )
      },
      nullRule: 'none',
      doc:
        name === 'num_nulls' ? 'How many arguments are NULL.' : 'How many arguments are not NULL.',
      example:
        name === 'num_nulls' ? "num_nulls(1, NULL, 'x') = 1" : "num_nonnulls(1, NULL, 'x') = 2"
    })
  )
]
