/** A query of PostgreSQL's catalogue, as far as tools write them. Names are in small letters where they are not in quotes. */
export interface QuerySyntax {
  readonly ctes: readonly CteSyntax[]
  readonly body: BodySyntax
  readonly order: readonly OrderSyntax[]
  readonly limit: ExprSyntax | null
  readonly offset: ExprSyntax | null
}

export interface CteSyntax {
  readonly name: string
  readonly columns: readonly string[]
  readonly query: QuerySyntax
}

export type BodySyntax =
  | SelectSyntax
  | {
      readonly kind: 'set'
      readonly operator: 'union' | 'intersect' | 'except'
      readonly all: boolean
      readonly left: BodySyntax
      readonly right: BodySyntax
    }
  | { readonly kind: 'values'; readonly rows: readonly (readonly ExprSyntax[])[] }
  | { readonly kind: 'query'; readonly query: QuerySyntax }

export interface SelectSyntax {
  readonly kind: 'select'
  /** A list: DISTINCT ON. */
  readonly distinct: boolean | readonly ExprSyntax[]
  readonly items: readonly ItemSyntax[]
  readonly from: readonly FromSyntax[]
  readonly where: ExprSyntax | null
  readonly group: readonly ExprSyntax[]
  readonly having: ExprSyntax | null
}

export type ItemSyntax =
  | { readonly kind: 'star'; readonly table: string | null }
  | { readonly kind: 'expr'; readonly expr: ExprSyntax; readonly name: string }

export type FromSyntax =
  | { readonly kind: 'table'; readonly parts: readonly string[]; readonly alias: AliasSyntax }
  | { readonly kind: 'query'; readonly query: QuerySyntax; readonly alias: AliasSyntax }
  | {
      readonly kind: 'function'
      readonly call: CallSyntax
      readonly ordinality: boolean
      readonly alias: AliasSyntax
    }
  | {
      readonly kind: 'join'
      readonly join: 'inner' | 'left' | 'right' | 'full'
      readonly left: FromSyntax
      readonly right: FromSyntax
      readonly on: ExprSyntax | null
      readonly using: readonly string[]
    }

export interface AliasSyntax {
  readonly name: string | null
  readonly columns: readonly string[]
}

export interface OrderSyntax {
  readonly expr: ExprSyntax
  readonly descending: boolean
  readonly nullsFirst: boolean
}

export interface CallSyntax {
  readonly kind: 'call'
  readonly name: string
  readonly args: readonly ExprSyntax[]
  readonly star: boolean
  readonly distinct: boolean
  readonly order: readonly OrderSyntax[]
  readonly filter: ExprSyntax | null
  readonly over: {
    readonly partition: readonly ExprSyntax[]
    readonly order: readonly OrderSyntax[]
  } | null
}

export type NestedSyntax =
  | { readonly kind: 'exists'; readonly query: QuerySyntax }
  | { readonly kind: 'scalar'; readonly query: QuerySyntax }
  | { readonly kind: 'array-query'; readonly query: QuerySyntax }

export type ExprSyntax =
  | {
      readonly kind: 'literal'
      readonly value: string | number | boolean | null
      readonly type: string
      /** Of a text in quotes, where it begins: a parameter is one. */
      readonly start?: number
    }
  | { readonly kind: 'column'; readonly parts: readonly string[] }
  | CallSyntax
  | {
      readonly kind: 'operator'
      readonly operator: string
      readonly left: ExprSyntax | null
      readonly right: ExprSyntax
    }
  | { readonly kind: 'cast'; readonly expr: ExprSyntax; readonly type: string }
  | {
      readonly kind: 'case'
      readonly base: ExprSyntax | null
      readonly branches: readonly (readonly [when: ExprSyntax, then: ExprSyntax])[]
      readonly otherwise: ExprSyntax | null
    }
  | {
      /** `operator` of the left side and any, or all, of the right one's: IN is `= ANY`. */
      readonly kind: 'quantified'
      readonly operator: string
      readonly all: boolean
      readonly left: ExprSyntax
      readonly right: ExprSyntax | QuerySyntax | readonly ExprSyntax[]
    }
  | NestedSyntax
  | { readonly kind: 'array'; readonly items: readonly ExprSyntax[] }
  | { readonly kind: 'row'; readonly items: readonly ExprSyntax[] }
  | { readonly kind: 'subscript'; readonly expr: ExprSyntax; readonly index: ExprSyntax }
  | { readonly kind: 'field'; readonly expr: ExprSyntax; readonly name: string }
  | { readonly kind: 'is'; readonly expr: ExprSyntax; readonly what: boolean | null }
  | { readonly kind: 'same'; readonly left: ExprSyntax; readonly right: ExprSyntax }
