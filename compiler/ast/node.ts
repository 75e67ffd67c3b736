import type { Span } from '../source/index.ts'

export interface AstNode<Kind extends string> {
  readonly kind: Kind
  readonly span: Span
}

/** A name as written; `quoted` names match exactly, others case-insensitively. `name` has no quotes. */
export interface Identifier extends AstNode<'Identifier'> {
  readonly name: string
  readonly quoted: boolean
}

/** `a`, `s.a`, `system.tables`. */
export interface QualifiedName extends AstNode<'QualifiedName'> {
  readonly parts: readonly Identifier[]
}

/** `name = value` of FROM KAFKA, TO KAFKA, WITH, ON ERROR, CONFIG and SET. The name of a CONFIG entry is a string. */
export interface Property extends AstNode<'Property'> {
  readonly name: string
  readonly nameSpan: Span
  readonly value: PropertyValue
}

export type PropertyValue =
  | (AstNode<'String'> & { readonly value: string })
  /** Digits as written, sign included: never through a double. */
  | (AstNode<'Number'> & { readonly text: string })
  | (AstNode<'Boolean'> & { readonly value: boolean })
  /** A bare word: `auto_offset_reset = earliest`. */
  | (AstNode<'Word'> & { readonly name: string })

/** A type as written: `DECIMAL(10, 2)`, `BIGINT[]`, `ROW(a INT)`, `MAP<TEXT, INT>`. The binder knows the names. */
export interface TypeName extends AstNode<'TypeName'> {
  /** Upper case, words joined by one space: `DOUBLE PRECISION`, `TIMESTAMP WITH TIME ZONE`. ARRAY for `T[]`. */
  readonly name: string
  /** Numbers in parentheses, as text. */
  readonly parameters: readonly string[]
  /** Element of ARRAY, key and value of MAP. */
  readonly elements: readonly TypeName[]
  /** Fields of ROW. */
  readonly fields: readonly { readonly name: Identifier; readonly type: TypeName }[]
}
