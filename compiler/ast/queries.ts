import type { CallArgument, Expression, OverClause } from './expressions.ts'
import type { AstNode, Identifier, QualifiedName } from './node.ts'

/** WITH ... body ORDER BY ... LIMIT ... EMIT ...; a plain SELECT has empty lists and nulls around its body. */
export interface Query extends AstNode<'Query'> {
  readonly with: readonly CommonTable[]
  readonly body: QueryBody
  readonly orderBy: readonly SortItem[]
  readonly limit: Expression | null
  readonly offset: Expression | null
  readonly emit: EmitClause | null
}
export interface CommonTable extends AstNode<'CommonTable'> {
  readonly name: Identifier
  readonly columns: readonly Identifier[]
  readonly query: Query
}
export interface EmitClause extends AstNode<'Emit'> {
  readonly mode: 'ON WINDOW CLOSE' | 'CHANGES'
}
export interface SortItem extends AstNode<'SortItem'> {
  readonly expression: Expression
  readonly descending: boolean
  /** Null: as PostgreSQL, last when ascending. */
  readonly nulls: 'FIRST' | 'LAST' | null
}

export interface Select extends AstNode<'Select'> {
  readonly distinct: boolean
  readonly items: readonly SelectItem[]
  readonly from: readonly Relation[]
  readonly where: Expression | null
  readonly groupBy: readonly GroupingElement[]
  readonly having: Expression | null
  readonly windows: readonly NamedWindow[]
}
/** WINDOW name AS (...) */
export interface NamedWindow extends AstNode<'NamedWindow'> {
  readonly name: Identifier
  readonly over: OverClause
}
export interface SelectItem extends AstNode<'SelectItem'> {
  readonly expression: Expression
  readonly alias: Identifier | null
}
export type GroupingElement =
  | (AstNode<'GroupBy'> & { readonly expression: Expression })
  | (AstNode<'Rollup' | 'Cube'> & { readonly expressions: readonly Expression[] })
  | (AstNode<'GroupingSets'> & { readonly sets: readonly (readonly Expression[])[] })

export interface SetOperation extends AstNode<'SetOperation'> {
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT'
  readonly all: boolean
  readonly left: QueryBody
  readonly right: QueryBody
}
export interface Values extends AstNode<'Values'> {
  readonly rows: readonly (readonly Expression[])[]
}
/** A query in parentheses with clauses of its own. */
export interface NestedQuery extends AstNode<'NestedQuery'> {
  readonly query: Query
}
export type QueryBody = Select | SetOperation | Values | NestedQuery

export interface TableRelation extends AstNode<'TableRelation'> {
  readonly name: QualifiedName
  readonly alias: Alias | null
  /** FOR SYSTEM_TIME AS OF e.ts */
  readonly asOf: Expression | null
}
export interface DerivedRelation extends AstNode<'DerivedRelation'> {
  readonly query: Query
  readonly alias: Alias | null
}
/** TUMBLE | HOP | SESSION | CUMULATE (TABLE t [PARTITION BY k], DESCRIPTOR(ts), size, ...). */
export interface WindowRelation extends AstNode<'WindowRelation'> {
  readonly function: 'TUMBLE' | 'HOP' | 'SESSION' | 'CUMULATE'
  readonly input: Relation
  readonly partitionBy: readonly Expression[]
  /** The column, without DESCRIPTOR. */
  readonly time: Expression
  /** What follows: intervals, some with names as in `SLIDE =>`. */
  readonly args: readonly CallArgument[]
  readonly alias: Alias | null
}
export interface UnnestRelation extends AstNode<'UnnestRelation'> {
  readonly args: readonly Expression[]
  readonly withOrdinality: boolean
  readonly alias: Alias | null
}
export interface JoinRelation extends AstNode<'JoinRelation'> {
  readonly join: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS'
  readonly asof: boolean
  readonly left: Relation
  readonly right: Relation
  readonly on: Expression | null
  readonly using: readonly Identifier[]
}
export type Relation =
  TableRelation | DerivedRelation | WindowRelation | UnnestRelation | JoinRelation
export interface Alias extends AstNode<'Alias'> {
  readonly name: Identifier
  readonly columns: readonly Identifier[]
}
