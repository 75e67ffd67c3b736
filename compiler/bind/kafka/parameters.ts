import type { Property, PropertyValue } from '../../ast/index.ts'
import {
  parameterNotFound,
  parameterRepeated,
  parameterValue
} from '../../diagnostics/bind-kafka.ts'
import type { Span } from '../../source/index.ts'
import { type BindContext, report } from '../context.ts'

/** The parameters of one clause, by lower-case name, checked for their names and for being given once. */
export interface Parameters {
  has(name: string): boolean
  /** Where a parameter's value stands; the clause where it is not given. */
  span(name: string): Span
  /** The value as text, however it was written; null where it is not given. */
  written(name: string): string | null
  text(name: string, fallback: string): string
  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T
  /** An integer from `min` to `max`, in quotes or not. */
  integer(name: string, min: number, max: number, fallback: number): number
}

export function readParameters(
  clause: string,
  properties: readonly Property[],
  known: readonly string[],
  whole: Span,
  cx: BindContext
): Parameters {
  const found = new Map<string, Property>()
  for (const property of properties) {
    const name = property.name.toLowerCase()
    const first = found.get(name)
    if (!known.includes(name)) {
      report(cx, parameterNotFound(clause, property.name, property.nameSpan, known))
    } else if (first !== undefined) {
      report(cx, parameterRepeated(property.name, property.nameSpan, first.nameSpan))
    } else found.set(name, property)
  }
  const valueOf = (name: string): PropertyValue | null => found.get(name)?.value ?? null
  const refuse = (
    name: string,
    wanted: string,
    value: PropertyValue,
    choices: readonly string[] = []
  ): void => {
    report(cx, parameterValue(name, wanted, value.span, choices))
  }
  return {
    has: name => found.has(name),
    span: name => valueOf(name)?.span ?? whole,
    written(name) {
      const value = valueOf(name)
      return value === null ? null : valueText(value)
    },
    text(name, fallback) {
      const value = valueOf(name)
      if (value === null) return fallback
      const text = valueText(value)
      if (value.kind === 'String' && text.trim() !== '') return text
      refuse(name, value.kind === 'String' ? 'a non-empty text' : 'a text in quotes', value)
      return fallback
    },
    choice(name, choices, fallback) {
      const value = valueOf(name)
      if (value === null) return fallback
      const text = valueText(value).toLowerCase()
      const choice = choices.find(candidate => candidate.toLowerCase() === text)
      if (choice === undefined) refuse(name, `one of ${choices.join(', ')}`, value, choices)
      return choice ?? fallback
    },
    integer(name, min, max, fallback) {
      const value = valueOf(name)
      if (value === null) return fallback
      const text = valueText(value)
      const number = Number(text)
      if (/^[+-]?\d+$/.test(text) && number >= min && number <= max) return number
      refuse(name, `an integer from ${min} to ${max}`, value)
      return fallback
    }
  }
}

/** A value as text, however it was written. */
export function valueText(value: PropertyValue): string {
  switch (value.kind) {
    case 'String':
      return value.value
    case 'Number':
      return value.text
    case 'Boolean':
      return String(value.value)
    case 'Word':
      return value.name
  }
}
