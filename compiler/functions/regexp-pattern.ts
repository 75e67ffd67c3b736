import { js, type Code } from '../code/index.ts'
import {
  compileRegex,
  parseOptions,
  RegexError,
  similarToRegex
} from '../../runtime/regex/index.ts'
import type { ArgumentFault, CallContext } from './entry.ts'
import type { Expr } from '../ir/index.ts'

/**
 * The compiled pattern of a call: a constant of the module where the script has it, else looked up for each row. `flags` are
 * what follows from the operator or from constant flags.
 */
export function patternOf(pattern: Code, index: number, flags: string, cx: CallContext): Code {
  if (textOf(cx.call.args[index]) === null) {
    return js`${cx.use('regexOfRow')}(${pattern}, ${flags}, ${cx.site()})`
  }
  return cx.constant('pattern', js`${cx.use('regexOf')}(${pattern}, ${flags}, ${cx.site()})`)
}

/** As `patternOf`, of SIMILAR TO. */
export function similarPatternOf(pattern: Code, escape: Code, cx: CallContext): Code {
  const [, patternArg, escapeArg] = cx.call.args
  if (textOf(patternArg) === null || textOf(escapeArg) === null) {
    return js`${cx.use('similarOfRow')}(${pattern}, ${escape}, ${cx.site()})`
  }
  return cx.constant('pattern', js`${cx.use('similarOf')}(${pattern}, ${escape}, ${cx.site()})`)
}

/** The text of a constant argument; null for any other expression, and for NULL. */
export function textOf(arg: Expr | undefined): string | null {
  return arg?.kind === 'Literal' && typeof arg.value === 'string' ? arg.value : null
}

/** The flags of a call without `g`, which is no matter of the pattern. */
export function patternFlags(flags: string): string {
  return flags.replaceAll('g', '')
}

/** What the flags must be, so that a pattern has one meaning for all rows, and whether the pattern is one. */
export function checkRegexp(
  args: readonly Expr[],
  pattern: number,
  flags: number | null,
  allowed = ''
): ArgumentFault | null {
  const given = flags === null || flags >= args.length ? '' : textOf(args[flags])
  if (given === null) {
    return {
      argument: flags!,
      message: 'flags must be a string literal',
      hint: "Write them in the script, as in 'i'."
    }
  }
  const rest = allowed === 'g' ? patternFlags(given) : given
  return (
    checkCompiles(flags ?? 0, () => parseOptions(rest)) ??
    checkCompiles(pattern, () => {
      const text = textOf(args[pattern])
      if (text !== null) compileRegex(text, parseOptions(rest))
    })
  )
}

/** Whether a constant SIMILAR TO pattern is one. */
export function checkSimilar([, pattern, escape]: readonly Expr[]): ArgumentFault | null {
  const [text, character] = [textOf(pattern), textOf(escape)]
  if (text === null || character === null) return null
  return checkCompiles(1, () => {
    compileRegex(similarToRegex(text, character), parseOptions(''))
  })
}

function checkCompiles(argument: number, compile: () => void): ArgumentFault | null {
  try {
    compile()
    return null
  } catch (error) {
    if (!(error instanceof RegexError)) throw error
    return {
      argument,
      message: `no regular expression: ${error.message}`,
      hint: "Patterns are PostgreSQL's (POSIX, with \\d and the like), without references back to groups."
    }
  }
}
