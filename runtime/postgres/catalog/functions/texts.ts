import { quoteIdent, quoteLiteral } from '../../../functions/quote.ts'
import { nameOf } from '../cast-value.ts'
import { notAnswered } from '../not-answered.ts'
import type { Value } from '../catalog-types.ts'
import { type CatalogFunction, type Functions, named, text } from './function.ts'

/** The blanks, or characters, at the ends. */
function trim(isLeft: boolean, isRight: boolean): CatalogFunction {
  return text(([value, characters = ' ']) => {
    let [start, end] = [0, value!.length]
    while (isLeft && start < end && characters.includes(value![start]!)) start++
    while (isRight && end > start && characters.includes(value![end - 1]!)) end--
    return value!.slice(start, end)
  })
}

const length = text(([value]) => [...value!].length, 'int4')
const position = (needle: string, hay: string): Value => hay.indexOf(needle) + 1

export const textFunctions: Functions = {
  lower: text(([value]) => value!.toLowerCase()),
  upper: text(([value]) => value!.toUpperCase()),
  initcap: text(([value]) =>
    value!.toLowerCase().replace(/[a-z0-9]+/g, word => word[0]!.toUpperCase() + word.slice(1))
  ),
  ...named('length char_length character_length', length),
  octet_length: text(([value]) => Buffer.byteLength(value!), 'int4'),
  ...named('trim btrim', trim(true, true)),
  ltrim: trim(true, false),
  rtrim: trim(false, true),
  replace: text(([value, from, to]) =>
    from === '' ? value! : value!.replaceAll(from!, () => to!)
  ),
  left: text(([value, count]) => value!.slice(0, Number(count))),
  right: text(([value, count]) => (Number(count) === 0 ? '' : value!.slice(-Number(count)))),
  ...named(
    'substring substr',
    text(([value, from, count]) => {
      if (!/^-?\d+$/.test(from!)) throw notAnswered('it cuts a text by a pattern')
      const start = Number(from) - 1
      const end = count === undefined ? undefined : Math.max(0, start + Number(count))
      return value!.slice(Math.max(0, start), end)
    })
  ),
  strpos: text(([value, part]) => position(part!, value!), 'int4'),
  position: text(([part, value]) => position(part!, value!), 'int4'),
  split_part: text(([value, between, at]) => value!.split(between!)[Number(at) - 1] ?? ''),
  starts_with: text(([value, start]) => value!.startsWith(start!), 'bool'),
  // A pattern whose escape character is another one.
  like_escape: text(([pattern, escape]) =>
    pattern!.replace(/\\|[^]/gu, one => (one === escape ? '\\' : one === '\\' ? '\\\\' : one))
  ),
  quote_ident: text(([value]) => quoteIdent(value!)),
  quote_literal: text(([value]) => quoteLiteral(value!)),
  concat: {
    ...text(() => null),
    takesNull: true,
    call: (args, catalogue, types) =>
      args.map((arg, i) => (arg === null ? '' : nameOf(arg, types[i]!, catalogue))).join('')
  },
  concat_ws: {
    type: 'text',
    takesNull: true,
    call: ([between, ...args], catalogue, [, ...types]) =>
      between === null
        ? null
        : args
            .flatMap((arg, i) => (arg === null ? [] : [nameOf(arg, types[i]!, catalogue)]))
            .join(String(between))
  },
  format: {
    type: 'text',
    takesNull: true,
    call([pattern, ...args], catalogue, [, ...types]) {
      if (pattern === null) return null
      let at = 0
      return String(pattern).replace(/%([sIL%])/g, (_, how: string) => {
        if (how === '%') return '%'
        const value = args[at] ?? null
        const shown = value === null ? '' : nameOf(value, types[at]!, catalogue)
        at++
        return how === 'I' ? quoteIdent(shown) : how === 'L' ? quoteLiteral(shown) : shown
      })
    }
  },
  abs: { type: ([type]) => type!, call: ([value]) => Math.abs(value as number) },
  round: { type: ([type]) => type!, call: ([value]) => Math.round(value as number) },
  floor: { type: ([type]) => type!, call: ([value]) => Math.floor(value as number) },
  ceil: { type: ([type]) => type!, call: ([value]) => Math.ceil(value as number) }
}
