import type { Span } from '../source/index.ts'
import type { Diagnostic } from './diagnostic.ts'

/** `looksLike` is the encoding that the first bytes speak of. */
export function scriptNotUtf8(offset: number, looksLike: string | null, span: Span) {
  return {
    code: 'script-not-utf8',
    severity: 'error',
    span,
    message:
      looksLike === null
        ? `the script is not UTF-8: byte ${offset} does not belong there`
        : `the script is ${looksLike}, not UTF-8`,
    hint: 'Save the script as UTF-8.'
  } satisfies Diagnostic
}

export function scriptTooLarge(length: number, limit: number, span: Span) {
  return {
    code: 'script-too-large',
    severity: 'error',
    span,
    message: `the script has ${length} characters, more than the ${limit} that are compiled`,
    hint: 'Is this file a script? Split it if it is.'
  } satisfies Diagnostic
}

export function statementTooLarge(limit: number, span: Span) {
  return {
    code: 'statement-too-large',
    severity: 'error',
    span,
    message: `the statement has more than ${limit} words and signs`,
    hint: 'Split it, for example into several INSERT statements.'
  } satisfies Diagnostic
}

export function scriptEmpty(span: Span) {
  return {
    code: 'script-empty',
    severity: 'error',
    span,
    message: 'the script has no statement'
  } satisfies Diagnostic
}

export function nulCharacter(span: Span) {
  return {
    code: 'nul-character',
    severity: 'error',
    span,
    message: 'the script contains a NUL character',
    hint: 'Is this a text file? UTF-16 files contain NUL bytes too: save the script as UTF-8.'
  } satisfies Diagnostic
}

export function unexpectedCharacter(character: string, hint: string | null, span: Span) {
  return {
    code: 'unexpected-character',
    severity: 'error',
    span,
    message: `${showCharacter(character)} has no meaning here`,
    ...(hint === null ? {} : { hint })
  } satisfies Diagnostic
}

/**
 * `suspect` is a string before it that ends right before a word: most likely it was meant to end earlier, and from there
 * on what is in quotes and what is not have changed places.
 */
export function unterminatedString(closing: string, span: Span, suspect: Span | null = null) {
  const doubled = closing === "'" ? " A quote inside a string is written twice: 'it''s'." : ''
  return {
    code: 'unterminated-string',
    severity: 'error',
    span: suspect ?? span,
    message: `this string has no closing ${closing}`,
    hint: `Close it with ${closing}.${doubled}`,
    ...(suspect === null
      ? {}
      : { related: [{ message: 'so the script ends in the string that begins here', span }] })
  } satisfies Diagnostic
}

export function unterminatedName(closing: string, span: Span) {
  return {
    code: 'unterminated-name',
    severity: 'error',
    span,
    message: `this quoted name has no closing ${closing}`
  } satisfies Diagnostic
}

export function unterminatedComment(span: Span) {
  return {
    code: 'unterminated-comment',
    severity: 'error',
    span,
    message: 'this comment has no closing */',
    hint: 'Comments nest: each /* inside a comment needs its own */.'
  } satisfies Diagnostic
}

export function malformedNumber(text: string, span: Span) {
  return {
    code: 'malformed-number',
    severity: 'error',
    span,
    message: `${text} is neither a number nor a name`,
    hint: 'Names that start with a digit are written in double quotes, texts in single quotes.'
  } satisfies Diagnostic
}

export function invalidEscape(escape: string, span: Span) {
  return {
    code: 'invalid-escape',
    severity: 'error',
    span,
    message: `${escape} is not an escape sequence`,
    hint: "Known ones are \\b \\f \\n \\r \\t \\\\ \\' \\xHH \\uHHHH \\UHHHHHHHH."
  } satisfies Diagnostic
}

export function nestingTooDeep(limit: number, span: Span) {
  return {
    code: 'nesting-too-deep',
    severity: 'error',
    span,
    message: `this is nested more than ${limit} levels deep`,
    hint: 'Split the expression, for example with a view.'
  } satisfies Diagnostic
}

/** `expected` and `found` are words of SQL, as in: expected FROM or ",", found "FORM". */
export function syntaxError(expected: string, found: string, hint: string | null, span: Span) {
  return {
    code: 'syntax-error',
    severity: 'error',
    span,
    message: `expected ${expected}, found ${found}`,
    ...(hint === null ? {} : { hint })
  } satisfies Diagnostic
}

export function duplicateClause(clause: string, first: Span, span: Span) {
  return {
    code: 'duplicate-clause',
    severity: 'error',
    span,
    message: `${clause} is given twice`,
    related: [{ message: 'the first one', span: first }]
  } satisfies Diagnostic
}

export function tooManyErrors(limit: number, span: Span) {
  return {
    code: 'too-many-errors',
    severity: 'error',
    span,
    message: `more than ${limit} statements have errors: those from here on are not shown`
  } satisfies Diagnostic
}

function showCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0
  const isVisible = code > 0x20 && code !== 0x7f && !/[\p{C}\p{Z}]/u.test(character)
  return isVisible
    ? `"${character}"`
    : `the character U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

export function collationNotFound(name: string, span: Span) {
  return {
    code: 'collation-not-found',
    severity: 'error',
    span,
    message: `texts are not compared by "${name}"`,
    hint: 'They are compared by code point: leave it out, or write COLLATE "C". Compare lower(text) to take no notice of case.'
  } satisfies Diagnostic
}
