import type { Span } from '../source/index.ts'
import { didYouMean } from './bind.ts'
import type { Diagnostic } from './diagnostic.ts'

/** Types of other databases, under the name that they have here. */
const otherDialects: Readonly<Record<string, string>> = {
  NUMBER: 'DECIMAL',
  UUID: 'TEXT',
  ENUM: 'TEXT',
  INET: 'TEXT',
  VARBINARY: 'BYTES',
  BINARY: 'BYTES',
  TIMETZ: 'TIME',
  MONEY: 'DECIMAL',
  TINYINT: 'SMALLINT',
  UINT8: 'SMALLINT',
  UINT16: 'INT',
  UINT32: 'BIGINT',
  UINT64: 'DECIMAL',
  LONG: 'BIGINT',
  BIT: 'BOOLEAN',
  DATETIME: 'TIMESTAMP',
  NVARCHAR: 'TEXT',
  CLOB: 'TEXT',
  BLOB: 'BYTES'
}

const numbered: ReadonlySet<string> = new Set(['SERIAL', 'BIGSERIAL', 'SMALLSERIAL'])
const NUMBERED = 'Nothing numbers rows by itself: write BIGINT, and give the number in each row.'

export function typeNotFound(name: string, span: Span, candidates: readonly string[]) {
  return {
    code: 'type-not-found',
    severity: 'error',
    span,
    message: `no type is called "${name}"`,
    ...(numbered.has(name)
      ? { hint: NUMBERED }
      : Object.hasOwn(otherDialects, name)
        ? { hint: `Did you mean "${otherDialects[name]}"?` }
        : didYouMean(name, candidates))
  } satisfies Diagnostic
}

export function typeParameters(name: string, wanted: string, span: Span) {
  return {
    code: 'type-parameters',
    severity: 'error',
    span,
    message: `${name} takes ${wanted}`
  } satisfies Diagnostic
}

/** `clause` is a word of SQL, as in: the condition of WHERE, an operand of AND. */
export function wrongType(clause: string, wanted: string, found: string, span: Span) {
  const what = ['WHERE', 'WHEN'].includes(clause) ? 'the condition' : 'the operand'
  return {
    code: 'wrong-type',
    severity: 'error',
    span,
    message: `${what} of ${clause} must be ${wanted}, not ${found}`
  } satisfies Diagnostic
}

/** One operand or two. */
export function operatorTypes(
  operator: string,
  operands: readonly string[],
  span: Span,
  hint: string | null
) {
  return {
    code: 'operator-types',
    severity: 'error',
    span,
    message: `operator ${operator} does not take ${operands.join(' and ')}`,
    ...(hint === null ? {} : { hint })
  } satisfies Diagnostic
}

export function noCommonType(what: string, types: readonly string[], span: Span) {
  return {
    code: 'no-common-type',
    severity: 'error',
    span,
    message: `${what} have no common type: ${join(types, 'and')}`,
    hint: 'Cast them to one type.'
  } satisfies Diagnostic
}

export function castNotDefined(from: string, to: string, targets: readonly string[], span: Span) {
  return {
    code: 'cast-not-defined',
    severity: 'error',
    span,
    message: `${from} can't be cast to ${to}`,
    hint: `It can be cast to ${join(targets, 'or')}.`
  } satisfies Diagnostic
}

export function notAssignable(
  column: string,
  from: string,
  to: string,
  canCast: boolean,
  span: Span
) {
  return {
    code: 'not-assignable',
    severity: 'error',
    span,
    message: `column "${column}" is ${to} and does not take ${from}`,
    ...(canCast ? { hint: `Write CAST(... AS ${to}).` } : {})
  } satisfies Diagnostic
}

/** How literals of a type are written, where people get it wrong. */
const MOMENT = "Write it as '2026-01-31 12:30:00', with a zone if it is not UTC."

const literalForms: Readonly<Record<string, string>> = {
  TIMESTAMP: MOMENT,
  TIMESTAMPTZ: MOMENT,
  DATE: "Write it as '2026-01-31'.",
  TIME: "Write it as '12:30:00'.",
  INTERVAL: "Write it as '1 day 02:30:00'.",
  BOOLEAN: 'Write true or false.'
}

/** A length of time, where a time is wanted: `now() - '1 hour'`. */
const LENGTH_OF_TIME = /^[+-]?\d+ *(second|minute|hour|day|week|month|year)s?$/i

export function comparedWithNull(operator: string, span: Span) {
  return {
    code: 'compared-with-null',
    severity: 'warning',
    span,
    message: 'a comparison with NULL is NULL, so it is never true',
    hint: `Write IS ${operator === '=' ? '' : 'NOT '}NULL.`
  } satisfies Diagnostic
}

export function invalidLiteral(text: string, type: string, span: Span) {
  const isLength = literalForms[type] === MOMENT && LENGTH_OF_TIME.test(text.trim())
  const form = isLength ? `Write INTERVAL '${text.trim()}'.` : literalForms[type]
  return {
    code: 'invalid-literal',
    severity: 'error',
    span,
    message: `the literal '${text}' is not a value of ${type}`,
    ...(form === undefined ? {} : { hint: form })
  } satisfies Diagnostic
}

/** `instead`: how what other databases call so is written here. */
export function functionNotFound(
  name: string,
  span: Span,
  candidates: readonly string[],
  instead?: string
) {
  return {
    code: 'function-not-found',
    severity: 'error',
    span,
    message: `no function is called "${name}"`,
    hint: 'All functions are listed by "miraclec functions".',
    ...(instead === undefined ? didYouMean(name, candidates) : { hint: `Write ${instead}.` })
  } satisfies Diagnostic
}

export function argumentTypes(
  name: string,
  found: readonly string[],
  overloads: readonly string[],
  span: Span
) {
  return {
    code: 'argument-types',
    severity: 'error',
    span,
    message:
      found.length === 0
        ? `${name} needs arguments`
        : `${name} does not take (${found.join(', ')})`,
    hint: takes(name, overloads)
  } satisfies Diagnostic
}

/** A constant argument that fails for every row. */
export function invalidArgument(
  name: string,
  fault: { readonly argument: number; readonly message: string; readonly hint: string },
  span: Span
) {
  return {
    code: 'invalid-argument',
    severity: 'error',
    span,
    message: `argument ${fault.argument + 1} of ${name}: ${fault.message}`,
    hint: fault.hint
  } satisfies Diagnostic
}

function takes(name: string, overloads: readonly string[]): string {
  if (overloads.length > 4) return `"miraclec functions ${name}" lists what it takes.`
  const forms = overloads.map(params => `(${params})`)
  return `It takes ${join(forms, 'or')}.`
}

export function constantNeeded(what: string, literal: 'literal' | 'string literal', span: Span) {
  return {
    code: 'constant-needed',
    severity: 'error',
    span,
    message: `${what} must be a ${literal}`
  } satisfies Diagnostic
}

export function invalidJsonPath(path: string, span: Span) {
  return {
    code: 'invalid-json-path',
    severity: 'error',
    span,
    message: `'${path}' is not a JSON path`,
    hint: "Write the steps from the top, as in '$.items[0].name'."
  } satisfies Diagnostic
}

export function invalidLikePattern(message: string, hint: string, span: Span) {
  return {
    code: 'invalid-like-pattern',
    severity: 'error',
    span,
    message,
    hint
  } satisfies Diagnostic
}

/** `a, b or c`. */
function join(words: readonly string[], last: 'and' | 'or'): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)!}`
}

export function notIndexable(type: string, span: Span) {
  return {
    code: 'not-indexable',
    severity: 'error',
    span,
    message: `${type} has no elements`,
    hint: "Arrays are read with a[1], maps with m['key'], rows with (r).field, JSON with ->."
  } satisfies Diagnostic
}

/** `candidates` are the row's fields; empty where it is no row. */
export function fieldNotFound(
  name: string,
  type: string,
  candidates: readonly string[],
  span: Span
) {
  return {
    code: 'field-not-found',
    severity: 'error',
    span,
    message: `${type} has no field "${name}"`,
    ...(candidates.length === 0
      ? { hint: 'Only a ROW has fields; a member of JSON is read with ->.' }
      : didYouMean(name, candidates))
  } satisfies Diagnostic
}

export function aggregateInside(name: string, span: Span) {
  return {
    code: 'aggregate-inside',
    severity: 'error',
    span,
    message: `the aggregate ${name} can't stand here`,
    hint: 'Aggregates stand in the select list, in HAVING and in ORDER BY, and not inside of one another.'
  } satisfies Diagnostic
}

export function namedArguments(name: string, known: readonly string[], span: Span) {
  return {
    code: 'named-arguments',
    severity: 'error',
    span,
    message:
      known.length === 0
        ? `${name} takes no arguments by name`
        : `${name} does not take these arguments by name`,
    hint:
      known.length === 0
        ? 'Write them in their order.'
        : `Its parameters are ${known.join(', ')}; those by name stand behind the others.`
  } satisfies Diagnostic
}
