import type {
  DescribedColumn,
  PipelineDefinition,
  ResultColumn,
  ResultRows,
  SinkDefinition,
  StatementResult,
  TableDefinition
} from '../contract/index.ts'
import type { Metrics } from '../observe/metrics.ts'
import { namedTables } from './named-tables.ts'
import { refuse } from './refuse.ts'
import { systemColumns } from './system-tables.ts'

type Show = Extract<StatementResult, { kind: 'show' }>
type Refused = ReturnType<typeof refuse>

/** SHOW: names, under the heading that the reference prints. */
export function showNames(
  { what }: Show,
  definition: PipelineDefinition,
  { sources, sinks }: Metrics
): ResultRows | Refused {
  switch (what) {
    case 'SOURCES':
      return listed(
        'source_name',
        sources.map(({ definition }) => definition.name)
      )
    case 'SINKS':
      return listed(
        'sink_name',
        sinks.map(({ definition }) => definition.name)
      )
    case 'TABLES':
      return listed(
        'table_name',
        namedTables(definition).map(({ name }) => name)
      )
    case 'MODELS':
      return listed(
        'model_name',
        definition.models.map(({ name }) => name)
      )
    case 'VIEWS':
      return refuse(
        'views-are-compiled',
        'a running pipeline has no views',
        'They are part of the queries that use them: see the script.'
      )
  }
}

/** DESCRIBE: columns of a table or source, settings of a sink. */
export function describeObject(
  name: string,
  definition: PipelineDefinition,
  { sources, sinks }: Metrics
): ResultRows | Refused {
  const found = <T>(items: readonly T[], nameOf: (item: T) => string): T | undefined =>
    findByName(items, name, nameOf)
  const system = systemTable(name)
  if (system !== undefined) return describeColumns(system)
  const table = found(namedTables(definition), item => item.name)
  if (table !== undefined) return describeColumns(table.columns, table)
  const source = found(sources, ({ definition }) => definition.name)
  if (source !== undefined) return describeColumns(source.definition.columns)
  const sink = found(sinks, ({ definition }) => definition.name)
  if (sink !== undefined) return describeSink(sink.definition)
  return refuse(
    'object-not-found',
    `no table, source or sink of this pipeline is called "${name}"`,
    'SHOW TABLES, SHOW SOURCES and SHOW SINKS list them; a table without state has no rows to ask for.'
  )
}

/** The columns of `system.<name>`. */
function systemTable(name: string): readonly DescribedColumn[] | undefined {
  const [, table] = /^system\.(\w+)$/i.exec(name) ?? []
  const columns = Object.entries(systemColumns).find(([known]) => known === table?.toLowerCase())
  return columns?.[1].map(column => ({ ...column, type: column.type.kind.toUpperCase() }))
}

/** By its exact name, else by the only one that differs in case. */
export function findByName<T>(
  items: readonly T[],
  name: string,
  nameOf: (item: T) => string
): T | undefined {
  const exact = items.find(item => nameOf(item) === name)
  const near = items.filter(item => nameOf(item).toLowerCase() === name.toLowerCase())
  return exact ?? (near.length === 1 ? near[0] : undefined)
}

/** `keyed`: the table that they are of; absent: nothing tells the rows apart. */
function describeColumns(
  columns: readonly DescribedColumn[],
  keyed?: Pick<TableDefinition, 'key' | 'nullsInKey'>
): ResultRows {
  const isUnique = keyed?.nullsInKey === true
  const rows = columns.map(({ name, type, nullable }, i) => {
    const isKey = keyed?.key?.includes(i) === true
    const mayBeNull = nullable && (!isKey || isUnique)
    const kind = isUnique ? 'UNIQUE' : 'PRIMARY KEY'
    return [name, type, mayBeNull ? 'YES' : 'NO', isKey ? kind : '']
  })
  return { kind: 'rows', columns: ['column', 'type', 'nullable', 'key'].map(textColumn), rows }
}

/** As they are now; without the other properties of its client: they may hold secrets. */
function describeSink(sink: SinkDefinition): ResultRows {
  const { topic, brokers, compression, batchSize, linger, properties } = sink
  const settings = {
    ...{ topic, brokers },
    compression: properties['compression.codec'] ?? compression,
    batch_size: properties['batch.num.messages'] ?? batchSize,
    linger_ms: properties['queue.buffering.max.ms'] ?? linger
  }
  const rows = Object.entries(settings).map(([name, value]) => [name, String(value)])
  return { kind: 'rows', columns: ['property', 'value'].map(textColumn), rows }
}

function listed(heading: string, names: readonly string[]): ResultRows {
  return { kind: 'rows', columns: [textColumn(heading)], rows: names.map(name => [name]) }
}

function textColumn(name: string): ResultColumn {
  return { name, type: 'TEXT', valueType: { kind: 'Text' } }
}
