import type { Span } from '../source/index.ts'
import type { Diagnostic } from './diagnostic.ts'

export function notGrouped(column: string, span: Span) {
  return {
    code: 'not-grouped',
    severity: 'error',
    span,
    message: `column "${column}" is neither in GROUP BY nor inside of an aggregate`,
    hint: 'A group has many rows: name the column in GROUP BY, or say which of its values is wanted, as with MAX.'
  } satisfies Diagnostic
}

export function orderPosition(text: string, count: number, span: Span) {
  return {
    code: 'order-position',
    severity: 'error',
    span,
    message: `position ${text} is not in the select list, which has ${count} column${count === 1 ? '' : 's'}`
  } satisfies Diagnostic
}

export function wholeNumberNeeded(clause: string, span: Span) {
  return {
    code: 'whole-number-needed',
    severity: 'error',
    span,
    message: `${clause} takes a whole number`
  } satisfies Diagnostic
}
