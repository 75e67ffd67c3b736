/** Where a registry of schemas is, as Confluent's API has it. */
export interface RegistryDefinition {
  /** One URL or several, separated by commas; may hold ${ENV} or ${file:/path}, as the properties. */
  readonly url: string
  /** By the names of compiler/kafka/registry-properties.ts. */
  readonly properties: Readonly<Record<string, string>>
}

export interface SchemaText {
  readonly type: 'AVRO' | 'PROTOBUF' | 'JSON'
  readonly text: string
  /** What it refers to, each before those that refer to it: types of Avro, imported files of Protobuf. */
  readonly references: readonly SchemaReference[]
}

export interface SchemaReference {
  readonly name: string
  readonly subject: string
  readonly version: number
  readonly text: string
}

export interface SubjectSchema extends SchemaText {
  readonly id: number
  readonly version: number
}

/** A registry that is asked. What fails does so with a RegistryFailure: see registry/registry-failure.ts. */
export interface Registry {
  schema(id: number): Promise<SchemaText>
  latest(subject: string): Promise<SubjectSchema>
  /** Answers the schema's id, also where the subject has it already. */
  register(subject: string, schema: SchemaText): Promise<number>
  /** The id of a schema that the subject has. */
  lookup(subject: string, schema: SchemaText): Promise<number>
  /** Why a subject would not take a schema; null: it would. Changes nothing. */
  objection(subject: string, schema: SchemaText): Promise<string | null>
}

/** The schemas that a source's records name by their ids: all of a batch are there before it runs. */
export interface SchemaLookup {
  /** A schema, or why there is none. */
  find(id: number): SchemaText | SchemaProblem
}

/** Why records of a schema can't be read: their RecordError. */
export interface SchemaProblem {
  readonly code: string
  readonly message: string
  /** How often it was asked for in vain; absent: once. */
  readonly attempt?: number
}

/** What a sink's records are written with: it is registered when the sink opens, or looked up. */
export interface SinkSchema extends RegistryDefinition {
  readonly subject: string
  readonly autoRegister: boolean
  readonly schema: SchemaText
}
