import { js, type Code } from '../code/index.ts'
import { BOOLEAN, INT, TEXT, type SqlType } from '../types/index.ts'
import {
  defineFunction,
  signature,
  type ArgumentFault,
  type CallContext,
  type FunctionEntry,
  type RuntimeName,
  type Signature
} from './entry.ts'
import { checkRegexp, patternFlags, patternOf, similarPatternOf, textOf } from './regexp-pattern.ts'
import type { Expr } from '../ir/index.ts'

const fails = { canFail: true }
const nullOrFails = { canFail: true, givesNull: true }

/** Emits a call whose arguments after text and pattern are filled up with `defaults`; the flags, if given, have index `flags`. */
function emitRegexp(
  runtime: RuntimeName,
  flags: number,
  defaults: readonly number[]
): Signature['emit'] {
  return ([text, pattern, ...rest], cx) => {
    const compiled = patternOf(pattern!, 1, textOf(cx.call.args[flags]) ?? '', cx)
    const given = rest.filter((_, i) => i + 2 !== flags)
    const missing = defaults.slice(given.length).map(value => js`${value}`)
    return js`${cx.use(runtime)}(${[text!, compiled, ...given, ...missing, cx.site()]})`
  }
}

/** Every overload that leaves out arguments from the end. */
function upTo(params: readonly SqlType[], least: number, make: (p: SqlType[]) => Signature) {
  return Array.from({ length: params.length - least + 1 }, (_, i) =>
    make(params.slice(0, least + i))
  )
}

/** The overload with these arguments behind text, pattern and replacement; `flags` is the index of the flags. */
function replace(params: readonly SqlType[], flags: number | null): Signature {
  const emit: Signature['emit'] = ([text, pattern, replacement, ...rest], cx) => {
    const given = (flags === null ? null : textOf(cx.call.args[flags])) ?? ''
    const compiled = patternOf(pattern!, 1, patternFlags(given), cx)
    const [start, n] = rest.filter((_, i) => i + 3 !== flags)
    // The n-th match, by default the first one; 0 stands for all.
    const which = [start ?? js`1`, n ?? js`${given.includes('g') ? 0 : 1}`]
    return js`${cx.use('regexpReplace')}(${[text!, compiled, replacement!, ...which, cx.site()]})`
  }
  return signature([TEXT, TEXT, TEXT, ...params], TEXT, emit, fails)
}

function checkReplace(args: readonly Expr[]): ArgumentFault | null {
  const flags = args.length === 6 ? 5 : args[3]?.type.kind === 'Text' ? 3 : null
  return checkRegexp(args, 1, flags, 'g')
}

export const regexpFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'regexp_like',
    kind: 'function',
    signatures: upTo([TEXT, TEXT, TEXT], 2, params =>
      signature(
        params,
        BOOLEAN,
        ([text, pattern], cx) => {
          const flags = textOf(cx.call.args[2]) ?? ''
          return js`${cx.use('matchesRegex')}(${text!}, ${patternOf(pattern!, 1, flags, cx)})`
        },
        fails
      )
    ),
    cost: 20,
    check: args => checkRegexp(args, 1, 2),
    doc: 'Whether the pattern matches anywhere, with flags: i any case, n . not newline and ^ $ at lines, x expanded, q plain text.',
    example: "regexp_like('Hello', 'h.l', 'i')"
  }),
  defineFunction({
    name: 'regexp_count',
    kind: 'function',
    signatures: upTo([TEXT, TEXT, INT, TEXT], 2, params =>
      signature(params, INT, emitRegexp('regexpCount', 3, [1]), fails)
    ),
    cost: 40,
    check: args => checkRegexp(args, 1, 3),
    doc: 'How often the pattern matches, from a position on.',
    example: "regexp_count('123456789012', '\\d\\d\\d', 2) = 3"
  }),
  defineFunction({
    name: 'regexp_extract',
    kind: 'function',
    signatures: [
      signature([TEXT, TEXT], TEXT, emitExtract, nullOrFails),
      signature([TEXT, TEXT, INT], TEXT, emitExtract, nullOrFails)
    ],
    cost: 40,
    check: args => checkRegexp(args, 1, null),
    doc: 'The first match, or what one of its groups holds; NULL if there is none. As in Flink, group 0 is the whole match.',
    example: "regexp_extract('order 42', '(\\w+) (\\d+)', 2) = '42'"
  }),
  defineFunction({
    name: 'regexp_substr',
    kind: 'function',
    signatures: upTo([TEXT, TEXT, INT, INT, TEXT, INT], 2, params =>
      signature(params, TEXT, emitRegexp('regexpSubstr', 4, [1, 1, 0]), nullOrFails)
    ),
    cost: 40,
    check: args => checkRegexp(args, 1, 4),
    doc: 'The n-th match from a position on, or one of its groups; NULL if there is none. (text, pattern, start, n, flags, group).',
    example: "regexp_substr('foobarbaz', 'b..', 1, 2) = 'baz'"
  }),
  defineFunction({
    name: 'regexp_instr',
    kind: 'function',
    signatures: upTo([TEXT, TEXT, INT, INT, INT, TEXT, INT], 2, params =>
      signature(params, INT, emitRegexp('regexpInstr', 5, [1, 1, 0, 0]), fails)
    ),
    cost: 40,
    check: args => checkRegexp(args, 1, 5),
    doc: 'Where the n-th match from a position on begins, or ends if the fifth argument is 1; 0 if there is none. (text, pattern, start, n, end, flags, group).',
    example: "regexp_instr('foobarbaz', 'b..', 1, 2) = 7"
  }),
  defineFunction({
    name: 'regexp_replace',
    kind: 'function',
    signatures: [
      replace([], null),
      replace([TEXT], 3),
      replace([INT], null),
      replace([INT, INT], null),
      replace([INT, INT, TEXT], 5)
    ],
    cost: 50,
    check: checkReplace,
    doc: 'The text with the first match replaced, or with the flag g every one; \\1 to \\9 are groups, \\& is the match. (text, pattern, replacement, start, n, flags) replaces the n-th match.',
    example: "regexp_replace('Hello World', '[aeiou]', 'X', 'g') = 'HXllX WXrld'"
  })
]

function emitExtract([text, pattern, group]: readonly Code[], cx: CallContext): Code {
  const compiled = patternOf(pattern!, 1, '', cx)
  return js`${cx.use('regexpExtract')}(${[text!, compiled, group ?? js`0`]})`
}

/** substring(text FROM pattern). */
export const substringByPattern: Signature = signature(
  [TEXT, TEXT],
  TEXT,
  ([text, pattern], cx) =>
    js`${cx.use('substringByRegex')}(${text!}, ${patternOf(pattern!, 1, '', cx)})`,
  nullOrFails
)

/** substring(text FROM pattern FOR escape): what two escaped double quotes of a SIMILAR TO pattern enclose. */
export const substringBySimilar: Signature = signature(
  [TEXT, TEXT, TEXT],
  TEXT,
  ([text, pattern, escape], cx) =>
    js`${cx.use('substringByRegex')}(${text!}, ${similarPatternOf(pattern!, escape!, cx)})`,
  nullOrFails
)
