import type { TypeName } from '../ast/index.ts'
import { type Span, spanText } from '../source/index.ts'
import { type Column, showType } from '../types/index.ts'

/** A column as far as it is known. */
export interface KnownColumn {
  readonly name: string
  /** As a script writes it; null: not known. */
  readonly type: string | null
  readonly nullable: boolean
  /** Where it is declared, or computed. */
  readonly span: Span | null
}

export function knownColumn({ name, type, nullable }: Column, span: Span | null): KnownColumn {
  return { name, type: showType(type), nullable, span }
}

/** Of a declaration that did not bind: its type is what is written there. */
export function writtenColumn(
  name: string,
  type: TypeName | null,
  notNull: boolean,
  span: Span
): KnownColumn {
  return { name, type: type === null ? null : spanText(type.span), nullable: !notNull, span }
}
