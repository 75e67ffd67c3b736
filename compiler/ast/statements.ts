import type { Expression } from './expressions.ts'
import type {
  AstNode,
  Identifier,
  Property,
  PropertyValue,
  QualifiedName,
  TypeName
} from './node.ts'
import type { Query } from './queries.ts'

export interface Script extends AstNode<'Script'> {
  readonly statements: readonly Statement[]
}

export interface SetStatement extends AstNode<'Set'> {
  readonly name: Identifier
  readonly value: PropertyValue
}

export interface CreateSource extends AstNode<'CreateSource'> {
  readonly name: Identifier
  readonly ifNotExists: boolean
  readonly connector: Identifier
  readonly parameters: readonly Property[]
  /** Null: no SCHEMA clause. */
  readonly schema: SourceSchema | null
  readonly config: readonly Property[]
  readonly onError: ClauseProperties | null
  readonly onLate: ClauseProperties | null
}
export interface ClauseProperties extends AstNode<'Clause'> {
  readonly properties: readonly Property[]
}
export type SourceSchema =
  | (AstNode<'Schema'> & { readonly elements: readonly SchemaElement[] })
  | (AstNode<'InferFromRegistry'> & { readonly elements: readonly (PrimaryKey | Watermark)[] })
export type SchemaElement = ColumnDefinition | GeneratedColumn | PrimaryKey | Watermark
export interface ColumnDefinition extends AstNode<'ColumnDefinition'> {
  readonly name: Identifier
  readonly type: TypeName
  readonly notNull: boolean
  readonly primaryKey: boolean
  readonly defaultValue: Expression | null
  readonly path: (AstNode<'Path'> & { readonly text: string }) | null
  readonly metadata: (AstNode<'Metadata'> & { readonly what: string }) | null
}
export interface GeneratedColumn extends AstNode<'GeneratedColumn'> {
  readonly name: Identifier
  readonly expression: Expression
}
export interface PrimaryKey extends AstNode<'PrimaryKey'> {
  /** UNIQUE NULLS NOT DISTINCT: a key in which NULL is a value as any other. */
  readonly nulls: boolean
  readonly columns: readonly Identifier[]
}
export interface Watermark extends AstNode<'Watermark'> {
  readonly column: Identifier
  readonly expression: Expression
  readonly idleTimeout: Expression | null
  readonly maxFutureSkew: Expression | null
}

export interface CreateSink extends AstNode<'CreateSink'> {
  readonly name: Identifier
  readonly ifNotExists: boolean
  readonly connector: Identifier
  readonly parameters: readonly Property[]
  readonly config: readonly Property[]
  readonly onError: ClauseProperties | null
  readonly table: QualifiedName | null
  readonly query: Query | null
}
export interface CreateTable extends AstNode<'CreateTable'> {
  readonly name: Identifier
  readonly ifNotExists: boolean
  readonly elements: readonly (ColumnDefinition | PrimaryKey)[]
}
export interface CreateTableAs extends AstNode<'CreateTableAs'> {
  readonly name: Identifier
  readonly ifNotExists: boolean
  readonly query: Query
}
export interface CreateView extends AstNode<'CreateView'> {
  readonly name: Identifier
  readonly ifNotExists: boolean
  readonly columns: readonly Identifier[]
  readonly query: Query
}
export interface CreateModel extends AstNode<'CreateModel'> {
  readonly name: Identifier
  readonly ifNotExists: boolean
  readonly path: AstNode<'String'> & { readonly value: string }
  readonly parameters: readonly Property[]
}
/** VALUES is a query body too. */
export interface Insert extends AstNode<'Insert'> {
  readonly target: QualifiedName
  readonly columns: readonly Identifier[]
  readonly query: Query
}
export interface Update extends AstNode<'Update'> {
  readonly target: QualifiedName
  /** What the table is called in the statement; null: by its name. */
  readonly alias: Identifier | null
  readonly assignments: readonly { readonly column: Identifier; readonly value: Expression }[]
  readonly where: Expression | null
}
export interface Delete extends AstNode<'Delete'> {
  readonly target: QualifiedName
  readonly alias: Identifier | null
  readonly where: Expression | null
}
export interface QueryStatement extends AstNode<'QueryStatement'> {
  readonly query: Query
}
export interface Show extends AstNode<'Show'> {
  readonly what: 'SOURCES' | 'SINKS' | 'TABLES' | 'MODELS' | 'VIEWS'
}
export interface Describe extends AstNode<'Describe'> {
  readonly name: QualifiedName
}
export interface Explain extends AstNode<'Explain'> {
  readonly analyze: boolean
  readonly statement: Statement
}
export interface Alter extends AstNode<'Alter'> {
  readonly object: 'SOURCE' | 'SINK'
  readonly name: QualifiedName
  readonly properties: readonly Property[]
}
export interface Drop extends AstNode<'Drop'> {
  readonly object: 'SOURCE' | 'SINK' | 'TABLE' | 'MODEL' | 'VIEW'
  readonly ifExists: boolean
  readonly name: QualifiedName
}
export interface TestStatement extends AstNode<'Test'> {
  readonly name: string
  readonly steps: readonly TestStep[]
}
export type TestStep =
  | (AstNode<'TestInput'> & {
      readonly source: QualifiedName
      /** The rows are keys of rows that are deleted. */
      readonly deletes: boolean
      readonly columns: readonly Identifier[]
      readonly rows: readonly (readonly Expression[])[]
      readonly raw: readonly TestString[]
      readonly at: TestString | null
    })
  | (AstNode<'TestChange'> & { readonly change: Insert | Update | Delete })
  | (AstNode<'TestModel'> & { readonly model: Identifier; readonly returns: readonly Expression[] })
  | (AstNode<'TestAdvance'> & { readonly to: TestString })
  | (AstNode<'TestExpect'> & {
      readonly target: QualifiedName
      /** The rows are keys of rows that a sink tells to be gone. */
      readonly deletes: boolean
      readonly columns: readonly Identifier[]
      readonly rows: readonly (readonly Expression[])[]
    })
  | (AstNode<'TestExpectRows'> & { readonly target: QualifiedName; readonly count: string })
  | (AstNode<'TestExpectCount'> & { readonly what: 'ERRORS' | 'LATE'; readonly count: string })
/** A time, or raw bytes. */
export type TestString = AstNode<'String'> & { readonly value: string }

export type Statement =
  | SetStatement
  | CreateSource
  | CreateSink
  | CreateTable
  | CreateTableAs
  | CreateView
  | CreateModel
  | Insert
  | Update
  | Delete
  | QueryStatement
  | Show
  | Describe
  | Explain
  | Alter
  | Drop
  | TestStatement
export type StatementKind = Statement['kind']
