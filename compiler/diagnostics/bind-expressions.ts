import type { Span } from '../source/index.ts'
import { didYouMean } from './bind.ts'
import type { Diagnostic } from './diagnostic.ts'

export function typeNotFound(name: string, span: Span, candidates: readonly string[]) {
  return {
    code: 'type-not-found',
    severity: 'error',
    span,
    message: `no type is called "${name}"`,
    ...didYouMean(name, candidates)
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

export function wrongType(what: string, wanted: string, found: string, span: Span) {
  return {
    code: 'wrong-type',
    severity: 'error',
    span,
    message: `${what} must be ${wanted}, not ${found}`
  } satisfies Diagnostic
}

export function operatorTypes(operator: string, left: string, right: string, span: Span) {
  return {
    code: 'operator-types',
    severity: 'error',
    span,
    message: `operator ${operator} does not take ${left} and ${right}`,
    hint: 'Cast one of them to the type of the other.'
  } satisfies Diagnostic
}

export function noCommonType(what: string, types: readonly string[], span: Span) {
  return {
    code: 'no-common-type',
    severity: 'error',
    span,
    message: `${what} have no common type: ${types.join(' and ')}`,
    hint: 'Cast them to one type.'
  } satisfies Diagnostic
}

export function castNotDefined(from: string, to: string, span: Span) {
  return {
    code: 'cast-not-defined',
    severity: 'error',
    span,
    message: `${from} can't be cast to ${to}`
  } satisfies Diagnostic
}

export function notAssignable(column: string, from: string, to: string, span: Span) {
  return {
    code: 'not-assignable',
    severity: 'error',
    span,
    message: `column "${column}" is ${to} and does not take ${from}`,
    hint: `Write CAST(... AS ${to}).`
  } satisfies Diagnostic
}

export function invalidLiteral(text: string, type: string, span: Span) {
  return {
    code: 'invalid-literal',
    severity: 'error',
    span,
    message: `the literal '${text}' is not a value of ${type}`
  } satisfies Diagnostic
}

export function functionNotFound(name: string, span: Span, candidates: readonly string[]) {
  return {
    code: 'function-not-found',
    severity: 'error',
    span,
    message: `no function is called "${name}"`,
    ...didYouMean(name, candidates)
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
    message: `${name} does not take (${found.join(', ')})`,
    hint: `It takes ${overloads.join(' or ')}.`
  } satisfies Diagnostic
}

export function constantNeeded(what: string, span: Span) {
  return {
    code: 'constant-needed',
    severity: 'error',
    span,
    message: `${what} must be a string literal`
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

export function invalidLikePattern(message: string, span: Span) {
  return { code: 'invalid-like-pattern', severity: 'error', span, message } satisfies Diagnostic
}
