import { js } from '../code/index.ts'
import type { Expr } from '../ir/index.ts'
import { arrayOf, BOOLEAN, TEXT } from '../types/index.ts'
import { defineFunction, signature, type FunctionEntry, type Signature } from './entry.ts'

/** text, pattern, escape. A constant pattern is compiled once, at start. */
function emitLike(fold: boolean): Signature['emit'] {
  return (args, cx) => {
    const [text, pattern, escape] = args
    if (cx.call.args[1]!.kind === 'Literal') {
      const compiled = js`${cx.use('compileLike')}(${pattern!}, ${escape!}, ${fold}, ${cx.site()})`
      return js`${cx.use('matchesLike')}(${text!}, ${cx.constant('pattern', compiled)})`
    }
    return js`${cx.use(fold ? 'ilike' : 'like')}(${args}, ${cx.site()})`
  }
}

export const like: FunctionEntry = defineFunction({
  name: 'like',
  kind: 'operator',
  symbol: 'LIKE',
  signatures: [signature([TEXT, TEXT, TEXT], BOOLEAN, emitLike(false), { canFail: true })],
  cost: 5,
  doc: 'Whether the whole text matches: % stands for any characters, _ for one. ESCAPE is \\ unless given.',
  example: "'kafka' LIKE 'k%a'"
})

export const ilike: FunctionEntry = defineFunction({
  name: 'ilike',
  kind: 'operator',
  symbol: 'ILIKE',
  signatures: [signature([TEXT, TEXT, TEXT], BOOLEAN, emitLike(true), { canFail: true })],
  cost: 8,
  doc: 'LIKE without regard to case.',
  example: "'Kafka' ILIKE 'kaf%'"
})

/** The third argument is a literal: whether it is or is not LIKE or ILIKE. */
export const likeAny: FunctionEntry = defineFunction({
  name: 'like_any',
  kind: 'operator',
  symbol: 'LIKE ANY(a)',
  signatures: [],
  generic: {
    shown: [{ params: 'TEXT, TEXT[]', result: 'BOOLEAN' }],
    resolve: args =>
      args.length === 3
        ? signature(
            [TEXT, arrayOf(TEXT), TEXT],
            BOOLEAN,
            ([text, patterns], cx) => {
              const [how, wanted] = howOf(cx.call.args[2]!)
              const test = js`${cx.use(how)}(a, b, ${'\\'}, ${cx.site()}) === ${wanted}`
              return js`${cx.use('anyElement')}(${text!}, ${patterns!}, (a: string, b: string) => ${test})`
            },
            { canFail: true, givesNull: true }
          )
        : null
  },
  nullRule: 'none',
  cost: 20,
  doc: 'Whether the text is LIKE one of the patterns, or with ALL each of them; NOT and ILIKE too.',
  example: "'kafka' LIKE ANY (ARRAY['x', 'k%'])"
})

function howOf(how: Expr): readonly ['like' | 'ilike', boolean] {
  const text = how.kind === 'Literal' ? String(how.value) : ''
  return [text.endsWith('ILIKE') ? 'ilike' : 'like', !text.startsWith('is not')]
}
