import type { Span } from '../source/index.ts'
import type { RowType, SqlType } from '../types/index.ts'
import type { BoundChange, BoundTable } from './bound-table.ts'
import type { BoundTest } from './bound-test.ts'
import type { Grouping } from './batch.ts'
import type { OverCall } from './over.ts'
import type { Expr, LiteralValue } from './scalars.ts'
import type { JoinKind, LookupKey, LookupJoin } from './join-kind.ts'
import type { Unnest } from './unnest.ts'

/** What `bind` hands to `plan`: every name resolved, every expression typed, every property checked. */
export interface BoundScript {
  /** The pipeline's name: the script's file name without `.sql`. */
  readonly name: string
  /** As the user wrote it. */
  readonly path: string
  readonly settings: BoundSettings
  readonly sources: readonly BoundSource[]
  readonly sinks: readonly BoundSink[]
  readonly tables: readonly BoundTable[]
  /** Its CREATE VIEWs: the pipeline can be asked for them. */
  readonly views: readonly Span[]
  readonly models: readonly BoundModel[]
  /** INSERT INTO ... SELECT and CREATE TABLE AS, in script order. Views are already expanded. */
  readonly inserts: readonly BoundInsert[]
  /** INSERT VALUES, UPDATE and DELETE, in script order. */
  readonly changes: readonly BoundChange[]
  /** What tests change while it runs: none in a pipeline. */
  readonly asked: readonly BoundChange[]
  /** No part of the pipeline. */
  readonly tests: readonly BoundTest[]
}

export interface BoundSettings {
  readonly delivery: 'at_least_once' | 'exactly_once'
  /** Milliseconds between barriers. */
  readonly commitInterval: number
  readonly parallelism: number
  /** Where what the pipeline keeps is: in memory as a whole, or on the disk. */
  readonly state: 'memory' | 'lmdb'
  /** How long a windowed result that changes keeps its windows, in ms of their time. */
  readonly windowRetention: number
  /** How long what no window bounds is kept without a change, in ms of processing time; null: for ever. */
  readonly stateTtl: number | null
}

/** A Kafka property as written: `value` may be '${ENV}' or '${file:/path}', resolved at start, never embedded. */
export interface BoundProperty {
  readonly name: string
  readonly value: string
  readonly span: Span
}

/** A registry of schemas, and the subject whose schemas the values of a topic have. */
export interface BoundRegistry {
  /** As written: it may hold ${ENV} or ${file:/path}, as the properties. */
  readonly url: string
  readonly subject: string
  /** Of a sink: whether it registers what it writes, or only looks for it. */
  readonly autoRegister: boolean
  /** Without the prefix `schema.registry.`. */
  readonly properties: readonly BoundProperty[]
}

export interface BoundErrorPolicy {
  readonly action: 'retry' | 'dead_letter' | 'log' | 'fail'
  readonly maxRetries: number
  /** Milliseconds. */
  readonly retryBackoff: number
  /** Null: there is none, and what would go there fails the pipeline or is logged, as `action` says. */
  readonly deadLetterTopic: string | null
}

export interface BoundSource {
  readonly name: string
  readonly brokers: string
  readonly topic: string
  readonly groupId: string
  readonly autoOffsetReset: 'earliest' | 'latest'
  /** Whether records that are gone before they were read are left out; else they stop the pipeline. */
  readonly skipsMissing: boolean
  /** `arrow`: a record holds rows of a schema of its own, whose fields are columns by name. */
  readonly format: 'json' | 'text' | 'bytes' | 'avro' | 'arrow' | 'protobuf'
  /** In Avro without a registry: the schema that all records were written with, as text. */
  readonly writerSchema: string | null
  /** In protobuf without a registry: the message that all records are, and the texts of the files that declare it. */
  readonly protoSchema?: BoundProtoSchema | null
  readonly timestampUnit: 's' | 'ms' | 'us' | 'ns' | null
  readonly columns: readonly BoundColumn[]
  readonly schema: RowType
  readonly watermark: BoundWatermark | null
  /** Null: its records are events. Otherwise they are the changes of the table that has its name. */
  readonly feeds: TableFeed | null
  /** Where the schemas are that its records name; null: they name none. */
  readonly registry: BoundRegistry | null
  /** librdkafka's names, checked. */
  readonly properties: readonly BoundProperty[]
  readonly onError: BoundErrorPolicy
  readonly onLate: BoundLatePolicy
  readonly span: Span
}

export interface BoundProtoSchema {
  readonly files: readonly { readonly name: string; readonly text: string }[]
  /** Null: the first of the first file. */
  readonly message: string | null
}

/** The event time of a source's records. All durations are milliseconds. */
export interface BoundWatermark {
  /** Index of the column: TIMESTAMP, TIMESTAMPTZ or BIGINT. */
  readonly column: number
  /** How far the watermark stays behind the latest time of a partition. */
  readonly delay: number
  /** A partition that was read to its end and brings nothing for so long does not hold the others back. */
  readonly idleTimeout: number
  /** Records that are further in the future are rejected; null: none is. */
  readonly maxFutureSkew: number | null
}

/** What becomes of rows whose window has closed. */
export interface BoundLatePolicy {
  readonly action: 'dead_letter' | 'log'
  /** Null: they are only counted and logged. */
  readonly deadLetterTopic: string | null
}

/** How a key of columns is a record's: one column as plain text, a JSON object, or a record in Avro. */
export type KeyFormat = 'text' | 'json' | 'avro'

/** How the records of a topic change a table. */
export interface TableFeed {
  /** `upsert`: a record is a row, a null value deletes. `debezium`: a record is a change with the row before and after it. */
  readonly format: 'upsert' | 'debezium'
  /** Indexes of the key's columns. */
  readonly key: readonly number[]
  /** Whether NULL is a value of the key as any other: it is no PRIMARY KEY. */
  readonly nullsInKey: boolean
  readonly keyFormat: KeyFormat
  /** The key's values, over a row of one TEXT column, the record's key, which is there. For deletes that hold no row. Empty: it is in Avro. */
  readonly fromKey: readonly Expr[]
  /** Of keys in Avro: the same with keys as they are without; null: they are not. */
  readonly plain: TableFeed | null
}

/** A column of a source. `schema.columns[i]` of the source is the column of `columns[i]`. */
export interface BoundColumn {
  readonly name: string
  readonly type: SqlType
  readonly notNull: boolean
  /** Where the value comes from. */
  readonly from:
    /** The members and places to follow from the top of the document; one for an ordinary column, none for all of it. */
    | { readonly kind: 'Field'; readonly path: readonly (string | number)[] }
    /** The whole message value: the column of a source without SCHEMA. */
    | { readonly kind: 'Value' }
    | {
        readonly kind: 'Metadata'
        readonly what: 'key' | 'partition' | 'offset' | 'timestamp' | 'topic' | 'headers'
        /** What it is before `fitted` makes the column of it. */
        readonly type: SqlType
      }
    /** A generated column, over the source's other columns. */
    | { readonly kind: 'Generated'; readonly expr: Expr }
  /**
   * The value as the column has it, over the source's columns as they are read, where what is read is not that yet: a text of a
   * length, metadata of another type.
   */
  readonly fitted: Expr | null
  /** For a missing field (not for a null one); null where there is none. */
  readonly defaultValue: { readonly value: LiteralValue } | null
  readonly span: Span
}

export interface BoundSink {
  readonly name: string
  /** `stdout`: what a SELECT on its own prints; its topic is one that Kafka can't have. `exchange`: see Exchange. */
  readonly connector: 'kafka' | 'stdout' | 'exchange'
  readonly brokers: string
  readonly topic: string
  readonly compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'
  /** `upsert`: a delete is a null value; `debezium`: the row before and after; `text`, `bytes`: see plainColumn. */
  readonly format: 'json' | 'upsert' | 'debezium' | 'text' | 'bytes' | 'arrow'
  /** What values are written in, where they are no plain text or bytes. */
  readonly encoding: 'json' | 'avro' | 'protobuf'
  /** The schema of values that have one, as text; null: they have none. */
  readonly recordSchema: string | null
  /** Null: one column is plain text, several are a JSON object. */
  readonly keyFormat: KeyFormat | null
  /** The schema of keys in Avro, as text, when the key is known; null: they have none. */
  readonly keySchema: string | null
  readonly decimalFormat: 'number' | 'string'
  /** Column indexes into `schema` that make the record key, as `partition_key` says; empty: no key. */
  readonly partitionKey: readonly number[]
  /** Whether a record has a key where the only column of it is NULL: the key tells which row it is of, or which it replaces. */
  readonly keysNull: boolean
  /** The table it publishes; null for a target of `INSERT INTO sink`. */
  readonly table: string | null
  /** Null where nothing feeds it (a warning was given). */
  readonly schema: RowType | null
  /** Of an exchange to a stage, whose members are called by their places: see Exchange. Null: they are called as the columns. */
  readonly form: string | null
  readonly batchSize: number
  /** Milliseconds. */
  readonly linger: number
  /** Where the schema is that its records name; null: they name none. */
  readonly registry: BoundRegistry | null
  readonly properties: readonly BoundProperty[]
  readonly onError: BoundErrorPolicy
  readonly span: Span
}

export interface BoundModel {
  readonly name: string
  /** Absolute path of the ONNX file at compile time. */
  readonly path: string
  readonly sha256: string
  /** The graph's inputs. One float tensor [rows, n] takes n arguments; several [rows] or [rows, 1] tensors take one each. */
  readonly inputs: readonly {
    readonly name: string
    readonly elementType: string
    readonly width: number
    /** 1: shape [rows]; 2: shape [rows, width]. */
    readonly rank: number
  }[]
  readonly output: {
    readonly name: string
    readonly elementType: string
    readonly width: number
    readonly index: number | null
  }
  readonly batchSize: number
  readonly maxWait: number
  readonly timeout: number
  readonly span: Span
}

export interface BoundInsert {
  readonly target: { readonly kind: 'Table' | 'Sink'; readonly name: string }
  readonly query: BoundQuery
  readonly span: Span
}

export interface BoundSelect {
  readonly kind: 'Select'
  readonly from: BoundRelation
  readonly where: Expr | null
  /** Null: a row of the result for each row of the input. */
  readonly grouping: Grouping | null
  /** Over the input row, or over keys and aggregates. */
  readonly items: readonly { readonly name: string; readonly expr: Expr }[]
  /** When groups are told, where the query says so. */
  readonly emission: BoundEmission | null
  readonly schema: RowType
  readonly span: Span
}
export interface BoundEmission {
  readonly mode: 'CHANGES' | 'ON WINDOW CLOSE'
  readonly span: Span
}
export interface BoundUnionAll {
  readonly kind: 'UnionAll'
  /** Inputs are already cast to the union's schema. */
  readonly inputs: readonly BoundQuery[]
  readonly schema: RowType
  readonly span: Span
}
export interface BoundValues {
  readonly kind: 'Values'
  /** They read no columns. */
  readonly rows: readonly (readonly Expr[])[]
  readonly schema: RowType
  readonly span: Span
}
export type BoundQuery = BoundSelect | BoundUnionAll | BoundValues

export type BoundRelation =
  | {
      readonly kind: 'SourceScan'
      readonly source: string
      readonly schema: RowType
      readonly span: Span
    }
  /** A table's rows: as they are inserted, and as they change where it is stored. */
  | {
      readonly kind: 'TableScan'
      readonly table: string
      readonly schema: RowType
      readonly span: Span
    }
  /** What a running pipeline says of itself: only in statements that it is asked. */
  | {
      readonly kind: 'SystemScan'
      readonly name: string
      readonly schema: RowType
      readonly span: Span
    }
  /** A view, a WITH query or a derived table. */
  | {
      readonly kind: 'Derived'
      readonly name: string
      readonly query: BoundQuery
      readonly schema: RowType
      readonly span: Span
    }
  /** The rows for which `where` is TRUE: what holds before a query inside of the SELECT is asked. */
  | {
      readonly kind: 'Filtered'
      readonly input: BoundRelation
      readonly where: Expr
      readonly schema: RowType
      readonly span: Span
    }
  /** Each row of `input` with what window functions give for it. */
  | {
      readonly kind: 'Over'
      readonly input: BoundRelation
      readonly calls: readonly OverCall[]
      readonly schema: RowType
      readonly span: Span
    }
  /** Each row of `input` with the elements of an array of it. */
  | {
      readonly kind: 'Unnest'
      readonly input: BoundRelation
      readonly unnest: Unnest
      readonly schema: RowType
      readonly span: Span
    }
  /** The rows of both that belong together, for as long as they are there. */
  | {
      readonly kind: 'Join'
      readonly join: JoinKind
      readonly left: BoundRelation
      readonly right: BoundRelation
      /** `left` over the left row, `right` over the right one: equal where rows meet. */
      readonly keys: readonly LookupKey[]
      /** What else must hold, over the columns of both. */
      readonly condition: Expr | null
      readonly schema: RowType
      readonly span: Span
    }
  /** Each row of `left` with the last one of `right` that is before it. */
  | {
      readonly kind: 'AsOf'
      readonly join: 'INNER' | 'LEFT'
      readonly left: BoundRelation
      readonly right: BoundRelation
      /** `left` over the left row, `right` over the right one; of a table's versions: the columns of its PRIMARY KEY, in order. */
      readonly keys: readonly LookupKey[]
      /** What must hold of the row that was found, over the columns of both. */
      readonly condition: Expr | null
      /** When a left row is, and from when a right one is valid; null: as the event time of the table says. */
      readonly time: Expr
      readonly validFrom: Expr | null
      /** Whether a right row is not valid yet at its own time. */
      readonly strict: boolean
      readonly schema: RowType
      readonly span: Span
    }
  /** Each row of `left` with the rows that `table` has for its key at that moment. */
  | {
      readonly kind: 'Lookup'
      readonly join: LookupJoin
      readonly left: BoundRelation
      readonly table: string
      /** `left` over the left row, `right` over the table's: equal where a row matches. */
      readonly keys: readonly LookupKey[]
      /** What else must hold, over the left row's columns and the table's behind them. */
      readonly condition: Expr | null
      readonly schema: RowType
      readonly span: Span
    }
