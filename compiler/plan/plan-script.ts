import { deriveSchema } from '../avro/index.ts'
import { notSupportedYet } from '../diagnostics/bind.ts'
import {
  keyFormatColumns,
  sinkFormatColumns,
  sinkFormatNeedsKey,
  sinkKeyMayBeNull,
  sinkNeedsScale
} from '../diagnostics/bind-tables.ts'
import {
  changelogNotSupported,
  insertNeedsKey,
  predictNeedsRecords,
  tableFeedsItself,
  viewReadTooOften
} from '../diagnostics/plan.ts'
import {
  type BoundInsert,
  type BoundQuery,
  type BoundScript,
  type BoundSink,
  type BoundTable,
  makeSink,
  makeTable,
  makeUnion,
  isPlain,
  nullKey,
  onlyComes,
  plainColumn,
  type SinkNode,
  type StreamGraph,
  type StreamNode,
  type TableNode
} from '../ir/index.ts'
import type { Session } from '../session.ts'
import { BYTES, type RowType, sameType, showType, TEXT, holdsBareDecimal } from '../types/index.ts'
import { columnMayBeNull } from './null-keys.ts'
import { planQuery } from './plan-query.ts'
import { planSource } from './plan-source.ts'
import { warnLoops } from './warn-loops.ts'
import { WrittenRows } from './written-rows.ts'
import type { Planner } from './planner.ts'

/** Copies of views' queries: more than any script that somebody wrote, only views that double each other get there. */
const REPEAT_LIMIT = 2000

/** Bound script to dataflow graph: one root per sink that something feeds, and one per table that is kept. */
export function planScript(script: BoundScript, session: Session): StreamGraph {
  const written = new WrittenRows()
  const planner = makePlanner(script, written, session)
  const sinks: SinkNode[] = []
  for (const sink of script.sinks) {
    const input = planInputOf(sink, planner)
    if (input !== null) sinks.push(makeSink(input, withKey(sink, input, session)))
  }
  warnLoops(sinks, session)
  const tables = script.tables.flatMap(({ name, stored }): TableNode[] => {
    const node = stored ? planner.table(name) : null
    return node?.kind === 'Table' ? [node] : []
  })
  return Object.freeze({
    script: written.addTo(script),
    sinks,
    tables: [...tables, ...written.tables]
  })
}

/** A record of a change carries the row's key, where the script names no other. */
function withKey(sink: BoundSink, input: StreamNode, session: Session): BoundSink {
  const { format, partitionKey, name, span } = sink
  const key = partitionKey.length > 0 ? partitionKey : (input.traits.key ?? [])
  if (format === 'upsert' && key.length === 0) {
    session.diagnostics.push(sinkFormatNeedsKey(name, format, span))
  }
  if (isPlain(format)) checkPlain({ ...sink, format, partitionKey: key }, input.schema, session)
  if (format === 'arrow') checkScales(sink, input.schema, session)
  checkKeyFormat(sink, key, session)
  warnNullKey(sink, key, input, session)
  const keySchema = keySchemaOf(sink, key, input.schema)
  // Rows that only come, and go where `partition_key` says, may go anywhere where that is NULL.
  const isSpread = key === partitionKey && format !== 'upsert' && onlyComes(input)
  return Object.freeze({ ...sink, partitionKey: key, keysNull: !isSpread, keySchema })
}

function checkKeyFormat(
  { name, keyFormat, span }: BoundSink,
  key: readonly number[],
  session: Session
): void {
  if (keyFormat === null) return
  const isFit = keyFormat === 'text' ? key.length === 1 : key.length > 0
  if (!isFit) session.diagnostics.push(keyFormatColumns(name, keyFormat, key.length, span))
}

/** A topic that is a table is read by its keys, and those that are plain text have no NULL. */
function warnNullKey(
  { name, format, keyFormat, span }: BoundSink,
  key: readonly number[],
  input: StreamNode,
  session: Session
): void {
  const [only, second] = key
  const isText = only !== undefined && second === undefined && (keyFormat ?? 'text') === 'text'
  if (format !== 'upsert' || !isText || !columnMayBeNull(input, only)) return
  const column = input.schema.columns[only]!.name
  session.diagnostics.push(sinkKeyMayBeNull(name, column, nullKey(column), span))
}

/** Columns that fit no schema were told where the schema of the values was made. */
function keySchemaOf(
  { keyFormat, topic }: BoundSink,
  key: readonly number[],
  { columns }: RowType
): string | null {
  if (keyFormat !== 'avro') return null
  const schema = deriveSchema({ columns: key.map(index => columns[index]!) }, `${topic}_key`)
  return typeof schema === 'string' ? schema : null
}

/** Of what is written with a schema. */
function checkScales({ name, format, span }: BoundSink, schema: RowType, session: Session): void {
  for (const column of schema.columns) {
    if (!holdsBareDecimal(column.type)) continue
    session.diagnostics.push(sinkNeedsScale(name, format, column.name, span))
  }
}

/** Which column is the value is known when the key is. */
function checkPlain(
  sink: BoundSink & { readonly format: 'text' | 'bytes' },
  schema: RowType,
  session: Session
): void {
  const { format, name, span } = sink
  const index = plainColumn(sink, schema)
  const type = format === 'text' ? TEXT : BYTES
  if (index !== null && sameType(schema.columns[index]!.type, type)) return
  session.diagnostics.push(sinkFormatColumns(name, format, showType(type), span))
}

function makePlanner(script: BoundScript, written: WrittenRows, session: Session): Planner {
  const nodes = new Map<string, StreamNode | null>()
  const open = new Set<string>()
  const planned = new Set<BoundQuery>()
  let repeated = 0
  const named = new Map<string, number>()
  let target = ''
  const once = (key: string, make: () => StreamNode | null): StreamNode | null => {
    const known = nodes.get(key)
    if (known !== undefined) return known
    const node = make()
    nodes.set(key, node)
    return node
  }
  const planner: Planner = {
    script,
    isAppend(node, what, span) {
      if (node.traits.changes === 'append') return true
      session.diagnostics.push(changelogNotSupported(what, span))
      return false
    },
    mayPredict(node, span) {
      if (!planner.isAppend(node, 'predict', span)) return false
      if (comesInBatches(node)) return true
      session.diagnostics.push(predictNeedsRecords(span))
      return false
    },
    refuse: (what, span) => void session.diagnostics.push(notSupportedYet(what, span)),
    report: diagnostic => void session.diagnostics.push(diagnostic),
    stateName(of) {
      const own = `${target}-${of}`
      const count = (named.get(own) ?? 0) + 1
      named.set(own, count)
      const name = count === 1 ? own : `${own}-${count}`
      // The state of a table has the table's name.
      return script.tables.some(table => table.name === name) ? planner.stateName(of) : name
    },
    within(name, plan) {
      const outer = target
      target = name
      const node = plan()
      target = outer
      return node
    },
    mayPlan(query) {
      if (planned.has(query) && ++repeated === REPEAT_LIMIT) {
        session.diagnostics.push(viewReadTooOften(REPEAT_LIMIT, query.span))
      }
      planned.add(query)
      return repeated < REPEAT_LIMIT
    },
    source(name) {
      const source = script.sources.find(candidate => candidate.name === name)!
      return once(`source ${name}`, () => planSource(source))!
    },
    table(name) {
      const table = script.tables.find(candidate => candidate.name === name)!
      if (open.has(name)) {
        session.diagnostics.push(tableFeedsItself(name, table.span))
        return null
      }
      open.add(name)
      const node = once(`table ${name}`, () => planTable(table, planner))
      open.delete(name)
      return node
    },
    rows: query => written.node(query, () => planner.stateName('rows'))
  }
  return planner
}

/** Whether rows come in the batches of a source: those that wait for a model go on at the end of their batch. */
function comesInBatches(node: StreamNode): boolean {
  switch (node.kind) {
    case 'Source':
      return true
    case 'Watermark':
    case 'Filter':
    case 'Project':
    case 'Predict':
    case 'Unnest':
    case 'Union':
      return node.inputs.every(comesInBatches)
    case 'Lookup':
      return comesInBatches(node.inputs[0])
    default:
      return false
  }
}

/** A stored table is a node of its own; any other is what is inserted into it. */
function planTable(table: BoundTable, planner: Planner): StreamNode | null {
  if (table.source !== null) return makeTable([planner.source(table.source)], table)
  const inserted = planInserts('Table', table.name, planner)
  if (!table.stored) return inserted
  if (inserted === null) return makeTable([], table)
  if (onlyComes(inserted)) return makeTable([inserted], table)
  return planChangingTable(table, inserted, planner)
}

/** Rows that change find theirs in the table by their key: it has to be the table's, or becomes it where that has none. */
function planChangingTable(
  table: BoundTable,
  inserted: StreamNode,
  planner: Planner
): StreamNode | null {
  const { key } = inserted.traits
  const own = table.key ?? key
  const nullsInKey = table.key === null || table.nullsInKey
  const isSame = own?.length === key?.length && own?.every(index => key!.includes(index)) === true
  if (key !== null && isSame)
    return makeTable([inserted], Object.freeze({ ...table, key: own, nullsInKey }))
  const namesOf = (columns: readonly number[] | null): string[] | null =>
    columns?.map(index => table.schema.columns[index]!.name) ?? null
  planner.report(insertNeedsKey(table.name, namesOf(key), namesOf(table.key), table.span))
  return null
}

function planInputOf(sink: BoundSink, planner: Planner): StreamNode | null {
  const direct = planInserts('Sink', sink.name, planner)
  if (direct !== null || sink.table === null) return direct
  return planner.table(sink.table)
}

/** All inserts into one target, as one stream; null where there is none. */
function planInserts(
  kind: BoundInsert['target']['kind'],
  name: string,
  planner: Planner
): StreamNode | null {
  const inserts = planner.script.inserts.filter(
    ({ target }) => target.kind === kind && target.name === name
  )
  const nodes: StreamNode[] = []
  for (const { query } of inserts) {
    const node = planner.within(name, () => planQuery(query, planner))
    if (node !== null) nodes.push(node)
  }
  if (nodes.length < 2) return nodes[0] ?? null
  return makeUnion(nodes, schemaOfAll(nodes), inserts[0]!.span)
}

/** The columns of the first; what may be NULL in one of them may be NULL. */
function schemaOfAll(nodes: readonly StreamNode[]): RowType {
  const columns = nodes[0]!.schema.columns.map((column, i) => ({
    ...column,
    nullable: nodes.some(({ schema }) => schema.columns[i]!.nullable)
  }))
  return { columns }
}
