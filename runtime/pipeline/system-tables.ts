import type { PipelineDefinition, TableRow, ValueColumn, ValueType } from '../contract/index.ts'
import {
  lagOf,
  placeIn,
  type Metrics,
  sinkStatus,
  type SourceMetrics,
  sourceStatus
} from '../observe/metrics.ts'
import { namedTables, tablesOf } from './named-tables.ts'

/** What the rows are made of. */
export interface Observed {
  readonly definition: PipelineDefinition
  readonly metrics: Metrics
  /** How many rows a table has. */
  tableSize(name: string): number
}

interface SystemTable {
  readonly columns: readonly ValueColumn[]
  rows(pipeline: Observed): TableRow[]
}

const text = (name: string): ValueColumn => column(name, 'Text', false)
const count = (name: string): ValueColumn => column(name, 'BigInt', false)
const maybe = (name: string): ValueColumn => column(name, 'BigInt', true)

function column(
  name: string,
  kind: Extract<ValueType['kind'], 'Text' | 'BigInt' | 'Timestamp'>,
  nullable: boolean
): ValueColumn {
  return { name, type: { kind }, nullable }
}

const tables: Readonly<Record<string, SystemTable>> = {
  kafka_sources: {
    columns: [
      ...[text('source_name'), text('status'), count('lag')],
      column('last_message_timestamp', 'Timestamp', true),
      ...[count('messages_consumed'), count('bytes_consumed'), count('error_count')],
      ...[text('consumer_group'), text('topic')]
    ],
    rows: ({ metrics }) =>
      metrics.sources.map(source => {
        const { definition, messages, bytes, rejected, lastTimestamp } = source
        const { name, groupId, topic } = definition
        const counted = [lastTimestamp, messages, bytes, rejected]
        return [name, sourceStatus(source), lagOf(source), ...counted, groupId, topic]
      })
  },
  kafka_sinks: {
    columns: [
      ...[text('sink_name'), text('status'), count('messages_sent'), count('bytes_sent')],
      ...[count('error_count'), text('topic')]
    ],
    rows: ({ metrics }) =>
      metrics.sinks.map(sink => {
        const { definition, messages, bytes, errors } = sink
        return [definition.name, sinkStatus(sink), messages, bytes, errors, definition.topic]
      })
  },
  kafka_consumer_offsets: {
    columns: [
      ...[text('consumer_group'), text('topic'), column('partition', 'BigInt', false)],
      ...[maybe('current_offset'), maybe('lag')]
    ],
    rows: ({ metrics }) => metrics.sources.flatMap(offsetsOf)
  },
  tables: {
    columns: [text('table_name'), count('rows'), column('primary_key', 'Text', true)],
    rows: ({ definition, tableSize }) =>
      namedTables(definition).map(({ name, columns, key }) => [
        name,
        tableSize(name),
        key === null ? null : key.map(index => columns[index]!.name).join(', ')
      ])
  },
  models: {
    columns: [text('model_name'), text('sha256'), count('batch_size'), count('inputs')],
    rows: ({ definition }) =>
      definition.models.map(({ name, sha256, batchSize, inputs }) => [
        ...[name, sha256],
        ...[batchSize, inputs.length]
      ])
  },
  operators: {
    columns: [
      ...[text('operator'), text('kind'), count('messages'), count('errors'), maybe('rows')]
    ],
    rows: ({ definition, metrics, tableSize }) => [
      ...metrics.sources.map(({ definition: { name }, messages, rejected }) => [
        ...[name, 'source', messages, rejected, null]
      ]),
      ...tablesOf(definition).map(({ name }) => [name, 'table', 0, 0, tableSize(name)]),
      ...metrics.sinks.map(({ definition: { name }, messages, errors }) => [
        ...[name, 'sink', messages, errors, null]
      ])
    ]
  }
}

/** The columns of each system table, by its name behind `system.`. */
export const systemColumns: Readonly<Record<string, readonly ValueColumn[]>> = Object.fromEntries(
  Object.entries(tables).map(([name, { columns }]) => [name, columns])
)

export function systemRows(name: string, pipeline: Observed): TableRow[] {
  return tables[name]!.rows(pipeline)
}

function offsetsOf(source: SourceMetrics): TableRow[] {
  const { definition, assigned } = source
  return [...(assigned ?? [])]
    .sort((a, b) => a - b)
    .map(partition => {
      const { offset, lag } = placeIn(source, partition)
      return [definition.groupId, definition.topic, partition, offset, lag]
    })
}
