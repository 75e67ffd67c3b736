import type { TemplateNode } from './time-template.ts'

export type TemplateField = Extract<TemplateNode, { kind: 'field' }>

export const ROMAN_MONTHS: readonly string[] = [
  ...['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII']
]

/** `AM`, `am`, `Month`: in the case of the pattern. */
export function inCase(text: string, written: string): string {
  if (written === written.toLowerCase()) return text.toLowerCase()
  return written === written.toUpperCase() ? text.toUpperCase() : text
}

/** AM or PM, with dots where the pattern has them. */
export function halfDayText(isMorning: boolean, { name, written }: TemplateField): string {
  const words = name.includes('.') ? ['A.M.', 'P.M.'] : ['AM', 'PM']
  return inCase(words[isMorning ? 0 : 1]!, written)
}

export function withOrdinal(text: string, { ordinal }: TemplateField): string {
  if (ordinal === '') return text
  const last = Number(text.slice(-1))
  const isTeen = text.at(-2) === '1'
  const suffix = isTeen || last === 0 || last > 3 ? 'th' : ['st', 'nd', 'rd'][last - 1]!
  return text + (ordinal === 'TH' ? suffix.toUpperCase() : suffix)
}
