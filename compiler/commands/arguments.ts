import { closest } from '../diagnostics/closest.ts'
import type { Arguments, Command, Option } from './command.ts'

/** Either the parsed arguments or one sentence that says what is wrong with them. */
export type ParsedArguments =
  { readonly ok: true; readonly args: Arguments } | { readonly ok: false; readonly problem: string }

/** Parses what stands behind the command's name. Everything after `--` is positional, or the rest. */
export function parseArguments(command: Command, words: readonly string[]): ParsedArguments {
  const positional: string[] = []
  const rest: string[] = []
  const options: Record<string, string | true> = Object.create(null)
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (command.takesRest && positional.length === 1) {
      rest.push(...words.slice(word === '--' ? i + 1 : i))
      break
    }
    if (word === '--') {
      positional.push(...words.slice(i + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') {
      positional.push(word)
      continue
    }
    const parsed = parseOption(command, word, words[i + 1])
    if (typeof parsed === 'string') return { ok: false, problem: parsed }
    options[parsed.option.name] = parsed.value
    if (parsed.tookNext) i++
  }
  const problem = countProblem(command, positional)
  return problem === null
    ? { ok: true, args: { positional, options, rest } }
    : { ok: false, problem }
}

interface ParsedOption {
  readonly option: Option
  readonly value: string | true
  readonly tookNext: boolean
}

function parseOption(
  command: Command,
  word: string,
  next: string | undefined
): ParsedOption | string {
  const equals = word.indexOf('=')
  const flag = equals < 0 ? word : word.slice(0, equals)
  const option = findOption(command, flag)
  if (option === null) return unknownOption(command, flag)
  if (option.value === null) {
    if (equals >= 0) return `--${option.name} takes no value`
    return { option, value: true, tookNext: false }
  }
  const value = equals < 0 ? next : word.slice(equals + 1)
  if (value === undefined) return `--${option.name} needs a value: ${option.value}`
  const problem = valueProblem(option, value)
  return problem ?? { option, value, tookNext: equals < 0 }
}

function valueProblem({ name, choices, from }: Option, value: string): string | null {
  if (choices !== undefined && !choices.includes(value)) {
    const near = closest(value, choices)
    const hint = near === null ? '' : `; did you mean "${near}"?`
    return `--${name} is one of ${choices.join(', ')}, not "${value}"${hint}`
  }
  if (from !== undefined && !(/^\d{1,15}$/.test(value) && Number(value) >= from)) {
    return `--${name} is a whole number from ${from} up, not "${value}"`
  }
  return null
}

function findOption(command: Command, flag: string): Option | null {
  const match = (option: Option): boolean =>
    flag === `--${option.name}` || (option.short !== undefined && flag === `-${option.short}`)
  return command.options.find(match) ?? null
}

function unknownOption(command: Command, flag: string): string {
  const near = closest(
    flag,
    command.options.map(option => `--${option.name}`)
  )
  const hint = near === null ? '' : `; did you mean ${near}?`
  return `${command.name} has no option ${flag}${hint}`
}

function countProblem(command: Command, positional: readonly string[]): string | null {
  const { min, max } = command.positional
  if (positional.length < min) return `${command.name} needs ${command.usage}`
  if (positional.length > max) return `"${positional[max]}" is one word too many`
  return null
}
