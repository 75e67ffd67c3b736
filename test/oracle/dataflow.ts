import { isDeepStrictEqual } from 'node:util'
import { clocksOf, isEvents, sourcesOf, type StageNode, stagesOf } from './graph.ts'
import { epochMs, OracleGroups } from './groups.ts'
import { type JoinSide, OracleJoin } from './joins.ts'
import { arrowDocuments } from './arrow.ts'
import { OracleAsOf } from './as-of.ts'
import type {
  BoundChange,
  BoundChangeQuery,
  BoundColumn,
  NodeOf,
  StreamGraph,
  StreamNode
} from '../../compiler/ir/index.ts'
import { castValue } from './cast.ts'
import { evalBatch } from './batch.ts'
import { OracleOver } from './over.ts'
import { compareValues } from './compare.ts'
import { decodeAvroFields } from './decode-avro.ts'
import { decodeRecord } from './decode.ts'
import { encodeChanges, encodeEvent } from './encode.ts'
import { evalExpr } from './eval.ts'
import { Failure } from './failure.ts'
import { type Envelope, readEnvelope } from './envelope.ts'
import type { LiveColumns } from './live.ts'
import { evalNode, sourceRow, type StreamContext } from './streams.ts'
import { type Change, OracleTable } from './table.ts'
import { OracleTop } from './top.ts'
import { traceContext } from './trace-context.ts'
import { unnestRow } from './unnest.ts'
import type { InputRecord, Row, Value } from './value.ts'

export interface DataflowContext extends StreamContext {
  readonly graph: StreamGraph
  /** Null: the row comes from no record. */
  reject(source: string, record: InputRecord | null, failure: Failure): void
}

/** The processing time of tests. */
const START = Date.UTC(2026, 0, 1)

/** Pushes rows and changes through a graph, one by one. */
export class Dataflow {
  readonly #cx: DataflowContext
  readonly #consumers: ReadonlyMap<StreamNode, readonly StreamNode[]>
  readonly #tables: ReadonlyMap<string, OracleTable>
  /** In the order in which rows go through them. */
  readonly #stages: ReadonlyMap<StageNode, OracleTold | OracleJoin | OracleAsOf>
  /** The watermark of each partition of each source. */
  readonly #marks = new Map<string, Map<number, number>>()
  /** That of the record which is processed. */
  #mark = -Infinity

  constructor(cx: DataflowContext) {
    this.#cx = cx
    this.#consumers = findConsumers(cx.graph)
    this.#stages = new Map(stagesOf(cx.graph).map(node => [node, this.#makeStage(node)] as const))
    this.#tables = new Map(cx.graph.tables.map(({ table }) => [table.name, new OracleTable(table)]))
  }

  /** A statement of the script. Throws a Failure where it fails; then it has changed nothing. */
  change(statement: BoundChange): void {
    const node = this.#cx.graph.tables.find(({ table }) => table.name === statement.table)!
    for (const change of this.#changesOf(statement)) this.#pushChanges(node, change)
  }

  #changesOf(statement: BoundChange): readonly Change[] {
    const table = this.#tables.get(statement.table)!
    if (statement.kind === 'InsertValues') {
      return table.insert(statement.rows.map(row => row.map(expr => evalExpr(expr, []))))
    }
    if (statement.kind === 'ChangeQuery') return this.#changesByQuery(statement, table)
    const { where } = statement
    const rows = table.rows.filter(row => where === null || evalExpr(where, row) === true)
    if (statement.kind === 'Delete') return table.remove(rows)
    const after = (row: Row): Row => statement.row.map(expr => evalExpr(expr, row))
    return table.update(rows.map(before => ({ before, after: after(before) })))
  }

  #changesByQuery({ verb, query }: BoundChangeQuery, table: OracleTable): readonly Change[] {
    const found = evalBatch(query, name => this.#tables.get(name)!.rows)
    if (verb === 'INSERT') return table.insert(found)
    const rows = found.map(([place, ...after]) => ({ before: table.rows[Number(place)]!, after }))
    return verb === 'UPDATE' ? table.update(rows) : table.remove(rows.map(({ before }) => before))
  }

  /** A record of a source that several nodes may read: decoded once. */
  record(nodes: readonly NodeOf<'Source'>[], record: InputRecord): void {
    const { source } = nodes[0]!
    this.#mark = -Infinity
    this.#guard(source.name, record, () => {
      if (source.feeds !== null) return this.#feed(nodes[0]!, record)
      const columns = decodedColumns(nodes, this.#cx.live)
      if (source.format === 'arrow') return this.#arrowRows(nodes, columns, record)
      const values = decodeRecord(source, columns, record)
      for (const node of nodes) this.#push(node, sourceRow(node, values), source.name, record)
    })
    this.#closeWindows()
  }

  /** Each row is a record of its own, but for a column of a wrong type: then none of them can be used. */
  #arrowRows(
    nodes: readonly NodeOf<'Source'>[],
    columns: readonly BoundColumn[],
    record: InputRecord
  ): void {
    const { source } = nodes[0]!
    const json = columns.filter(({ type }) => type.kind === 'Json').map(({ name }) => name)
    const rows = arrowDocuments(record.value, json).map(value => ({ ...record, value }))
    const decoded = rows.map(row => attempt(() => decodeRecord(source, columns, row)))
    const misfit = decoded.find(one => one instanceof Failure && one.code === 'wrong-type')
    if (misfit !== undefined) throw misfit
    rows.forEach((row, i) =>
      this.#guard(source.name, row, () => {
        const values = decoded[i]!
        if (values instanceof Failure) throw values
        for (const node of nodes) this.#push(node, sourceRow(node, values), source.name, row)
      })
    )
  }

  /** The partitions that a source has: each holds back the others until it tells a time. */
  assign(source: string, partitions: readonly number[]): void {
    this.#marks.set(source, new Map(partitions.map(partition => [partition, -Infinity])))
  }

  #makeStage(node: StageNode): OracleTold | OracleJoin | OracleAsOf {
    if (node.kind === 'Aggregate') return new OracleGroups(node)
    if (node.kind === 'TopN') return new OracleTop(node)
    if (node.kind === 'Over') return new OracleOver(node)
    const told = (failure: Failure): void =>
      this.#cx.reject(sourcesOf(node)[0] ?? '', null, failure)
    return node.asOf === null ? new OracleJoin(node, told) : new OracleAsOf(node, told)
  }

  #told(node: ToldNode): OracleTold {
    return this.#stages.get(node) as OracleTold
  }

  #closeWindows(): void {
    for (const node of this.#stages.keys()) {
      if (node.kind === 'Join') this.#closeJoin(node)
      const clock = closingClock(node)
      if (node.kind === 'Join' || clock === null) continue
      for (const row of this.#told(node).close(clock === 'event' ? this.#lowest(node) : START))
        this.#tell(node, row)
    }
  }

  /** The watermark of what a node's rows are made of. */
  #lowest(node: StreamNode): number {
    return Math.min(...clocksOf(node).flatMap(name => [...(this.#marks.get(name)?.values() ?? [])]))
  }

  #closeJoin(node: NodeOf<'Join'>): void {
    const [left, right] = node.inputs.map(input => this.#lowest(input))
    const join = this.#stages.get(node) as OracleJoin | OracleAsOf
    const rows = join instanceof OracleAsOf ? join.close(right!) : join.close(left!, right!)
    for (const row of rows) this.#follow(node, row, sourcesOf(node)[0]!, null)
  }

  /** A row goes into a side of a join, or changes there. */
  #join(node: NodeOf<'Join'>, side: JoinSide, change: Change, mark: number): void {
    const join = this.#stages.get(node) as OracleJoin | OracleAsOf
    if (join instanceof OracleAsOf) {
      for (const row of join.add(side, change.after!, mark))
        this.#follow(node, row, sourcesOf(node)[0]!, null)
      return
    }
    for (const result of join.change(side, change, mark)) {
      if (node.traits.changes === 'retract') this.#pushChanges(node, result)
      else this.#follow(node, result.after!, sourcesOf(node)[0]!, null)
    }
  }

  /** Topics that are tables have been read: what is made of them alone is told before the first event comes. */
  tablesRead(): void {
    this.#tellRows(node => this.#isOfTables(node))
  }

  /** What all other rows have become, where nothing closes them. */
  finish(): void {
    this.#tellRows(node => !this.#isOfTables(node))
  }

  #isOfTables(node: ToldNode): boolean {
    const { sources } = this.#cx.graph.script
    return sourcesOf(node).every(name => sources.find(one => one.name === name)!.feeds !== null)
  }

  #tellRows(isTold: (node: ToldNode) => boolean): void {
    for (const node of this.#stages.keys()) {
      if (node.kind === 'Join' || closingClock(node) !== null || !isTold(node)) continue
      for (const row of this.#told(node).rows()) this.#tell(node, row)
    }
  }

  /** A row that no record is goes on; one that fails is told with the first source that it is made of. */
  #tell(node: ToldNode, row: () => Row): void {
    this.#guard(sourcesOf(node)[0]!, null, () => {
      const after = row()
      if (closingClock(node) === null) this.#pushChanges(node, { before: null, after })
      else this.#follow(node, after, sourcesOf(node)[0]!, null)
    })
  }

  #observe({ source, watermark }: NodeOf<'Watermark'>, row: Row, record: InputRecord): void {
    const value = row[watermark.column] ?? null
    const marks = this.#marks.get(source.name)!
    const before = marks.get(record.partition) ?? -Infinity
    const time = typeof value === 'bigint' ? epochMs(value) : (value as number | null)
    if (
      time !== null &&
      watermark.maxFutureSkew !== null &&
      time > START + watermark.maxFutureSkew
    ) {
      throw new Failure('future-event', 'too far')
    }
    this.#mark = time === null ? before : Math.max(before, time - watermark.delay)
    marks.set(record.partition, this.#mark)
  }

  #guard(source: string, record: InputRecord | null, action: () => void): void {
    try {
      action()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      this.#cx.reject(source, record, error)
    }
  }

  #push(node: StreamNode, row: Row, source: string, record: InputRecord | null): void {
    this.#guard(source, record, () => {
      for (const result of this.#rowsOf(node, row, source, record))
        this.#follow(node, result, source, record)
    })
  }

  #follow(node: StreamNode, row: Row, source: string, record: InputRecord | null): void {
    for (const [consumer, side] of this.#edges(node)) {
      if (consumer.kind === 'Lookup' && consumer.inputs[0] !== node) continue
      if (consumer.kind === 'Join') {
        const mark = record === null ? -Infinity : this.#mark
        const change = { before: null, after: row }
        this.#guard(source, record, () => this.#join(consumer, side, change, mark))
      } else this.#push(consumer, row, source, record)
    }
  }

  /** Who reads a node; a join of it with itself does so once per side. */
  *#edges(node: StreamNode): Generator<readonly [StreamNode, JoinSide]> {
    const seen = new Set<StreamNode>()
    for (const consumer of this.#consumers.get(node) ?? []) {
      const isLeft = consumer.inputs[0] === node && !seen.has(consumer)
      seen.add(consumer)
      yield [consumer, isLeft ? 'left' : 'right']
    }
  }

  #rowsOf(node: StreamNode, row: Row, source: string, record: InputRecord | null): readonly Row[] {
    if (node.kind === 'Watermark') this.#observe(node, row, record!)
    if (node.kind === 'Aggregate' && node.slices !== null) {
      return this.#countInWindows(node, row, source, record)
    }
    if (node.kind === 'Aggregate' || node.kind === 'TopN' || node.kind === 'Over') {
      this.#told(node).add(row, record === null ? -Infinity : this.#mark)
      return []
    }
    if (node.kind === 'Lookup') return this.#lookup(node, row)
    if (node.kind === 'Unnest') return unnestRow(node.unnest, row)
    if (node.kind === 'Table') {
      this.#pushChanges(node, this.#tables.get(node.table.name)!.upsert(row))
      return []
    }
    const result = evalNode(node, row, record === null ? this.#cx : this.#carrying(record))
    return result === null ? [] : [result]
  }

  /** A row that is late for some of its windows, or fails there, does so once for each of them. */
  #countInWindows(
    node: NodeOf<'Aggregate'>,
    row: Row,
    source: string,
    record: InputRecord | null
  ): readonly Row[] {
    const groups = this.#stages.get(node) as OracleGroups
    for (const end of evalExpr(node.slices!.array, row) as readonly (number | null)[]) {
      const mark = record === null ? -Infinity : this.#mark
      this.#guard(source, record, () => groups.add(row, mark, end))
    }
    return []
  }

  /** What comes of a record carries its trace context on; a change of a table comes of none. */
  #carrying(record: InputRecord): DataflowContext {
    const write: DataflowContext['write'] = (sink, output) => {
      const headers = output.op === null ? traceContext(record) : []
      this.#cx.write(sink, { ...output, headers })
    }
    return { ...this.#cx, write }
  }

  #lookup({ inputs: [, { table }], keys, condition, join }: NodeOf<'Lookup'>, row: Row): Row[] {
    const isMatch = (other: Row): boolean => {
      const equal = keys.every(({ left, right }) =>
        isEqual(evalExpr(left, row), evalExpr(right, other), left.type)
      )
      return equal && (condition === null || evalExpr(condition, [...row, ...other]) === true)
    }
    const { rows } = this.#tables.get(table.name)!
    if (join === 'SEMI') return rows.some(isMatch) ? [row] : []
    if (join === 'ANTI') return rows.some(isMatch) ? [] : [row]
    const matches = rows.filter(isMatch)
    if (join === 'SINGLE' && matches.length > 1) throw new Failure('several-rows', table.name)
    if (matches.length === 0 && join !== 'INNER') {
      return [[...row, ...table.schema.columns.map(() => null)]]
    }
    return matches.map(other => [...row, ...other])
  }

  #pushChanges(node: StreamNode, change: Change): void {
    for (const [consumer, side] of this.#edges(node)) {
      if (consumer.kind === 'Join') {
        const source = sourcesOf(node)[0] ?? ''
        this.#guard(source, null, () => this.#join(consumer, side, change, -Infinity))
      } else if (consumer.kind !== 'Lookup') this.#pushChange(consumer, change)
    }
  }

  #pushChange(node: StreamNode, { before, after }: Change): void {
    if (node.kind === 'Sink') {
      const { sink, schema, traits, inputs } = node
      // A table itself is told by what its rows are now.
      const isKeyed = traits.key !== null || inputs[0]!.kind === 'Table'
      const records = isEvents(inputs[0]!)
        ? [encodeEvent(sink, schema, after!)]
        : encodeChanges(sink, schema, { before, after }, isKeyed)
      for (const record of records) this.#cx.write(sink.name, record)
      return
    }
    if (node.kind === 'Aggregate' || node.kind === 'TopN') {
      return this.#count(node, { before, after })
    }
    if (node.kind === 'Table') {
      const table = this.#tables.get(node.table.name)!
      for (const change of table.store({ before, after })) this.#pushChanges(node, change)
      return
    }
    if (node.kind === 'Unnest') return this.#pushElements(node, { before, after })
    const rowOf = (row: Row | null): Row | null =>
      row === null ? null : evalNode(node, row, this.#cx)
    const result = {
      before: this.#quietly(() => rowOf(before)),
      after: this.#attempt(node, () => rowOf(after))
    }
    if (result.before !== null || result.after !== null) this.#pushChanges(node, result)
  }

  /** Elements change one by one, by their place; one of which nothing that is read is another does not. */
  #pushElements(node: NodeOf<'Unnest'>, { before, after }: Change): void {
    const read = this.#cx.live.get(node)!
    const onlyRead = (row: Row): Row => row.map((value, at) => (read.has(at) ? value : null))
    const rowsOf = (row: Row | null): readonly Row[] =>
      row === null ? [] : unnestRow(node.unnest, row).map(onlyRead)
    const was = this.#quietly(() => rowsOf(before)) ?? []
    const is = this.#attempt(node, () => rowsOf(after)) ?? []
    for (let i = 0; i < Math.max(was.length, is.length); i++) {
      const change = { before: was[i] ?? null, after: is[i] ?? null }
      if (!isDeepStrictEqual(change.before, change.after)) this.#pushChanges(node, change)
    }
  }

  #count(node: ToldNode, { before, after }: Change): void {
    const stage = this.#told(node)
    if (before !== null) this.#quietly(() => stage.remove(before))
    if (after !== null) this.#attempt(node, () => stage.add(after, -Infinity))
  }

  /** What a row was: where it failed then, it was told. */
  #quietly<T>(evaluate: () => T): T | null {
    try {
      return evaluate()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      return null
    }
  }

  /** What a row of a table or a group makes: where that fails, the row is told, and is not there. */
  #attempt<T>(node: StreamNode, evaluate: () => T): T | null {
    let result: T | null = null
    this.#guard(sourcesOf(node)[0] ?? '', null, () => {
      result = evaluate()
    })
    return result
  }

  /** A delete has no time but its record's. `key` null: all rows are deleted. */
  #endVersions(source: string, key: readonly Value[] | null, record: InputRecord): void {
    const mark = this.#marks.get(source)?.get(record.partition) ?? -Infinity
    for (const [node, stage] of this.#stages) {
      const isOf = stage instanceof OracleAsOf && sourcesOf(node.inputs[1]!).includes(source)
      if (isOf) stage.end(key, record.timestamp, mark)
    }
  }

  /** A change in Avro, which is a record of records. */
  #feedChange(
    node: NodeOf<'Source'>,
    record: InputRecord,
    removeKey: (values: readonly Value[]) => void,
    removeAll: () => void
  ): void {
    const { source } = node
    const key = source.feeds!.key.map(index => source.columns[index]!)
    const from = { kind: 'Field', path: ['op'] } as const
    const text = { type: { kind: 'Text' }, notNull: false, defaultValue: null } as const
    const op: BoundColumn = { ...key[0]!, ...text, name: 'op', from }
    const code = decodeRecord(source, [op], record).get(op)
    if (code === 't') return removeAll()
    if (code === 'd') {
      const columns = key.map(column => inPart('before', column))
      const values = decodeRecord(source, columns, record)
      return removeKey(columns.map(column => values.get(column) ?? null))
    }
    if (code !== 'c' && code !== 'u' && code !== 'r') throw new Failure('not-a-change', 'no change')
    const columns = decodedColumns([node], this.#cx.live)
    const parts = new Map(columns.map(column => [inPart('after', column), column]))
    const values = decodeRecord(source, [...parts.keys()], record)
    const row = new Map([...values].map(([part, value]) => [parts.get(part)!, value]))
    this.#push(node, sourceRow(node, row), source.name, record)
  }

  /** A record of a topic that is a table. */
  #feed(node: NodeOf<'Source'>, record: InputRecord): void {
    const { source } = node
    const feeds = source.feeds!
    const tableNode = this.#cx.graph.tables.find(({ table }) => table.source === source.name)!
    const table = this.#tables.get(tableNode.table.name)!
    const removeKey = (values: readonly Value[]): void => {
      const row = source.columns.map((_, i) => values[feeds.key.indexOf(i)] ?? null)
      for (const change of table.delete(row)) this.#pushChanges(tableNode, change)
      this.#endVersions(source.name, values, record)
    }
    if (record.value === null) {
      if (feeds.format === 'upsert') removeKey(keyValues(record, node))
      return
    }
    if (feeds.format === 'debezium' && source.format === 'avro') {
      return this.#feedChange(node, record, removeKey, () => {
        for (const change of table.remove(table.rows)) this.#pushChanges(tableNode, change)
        this.#endVersions(source.name, null, record)
      })
    }
    const envelope: Envelope =
      feeds.format === 'upsert' ? { op: 'c', row: record.value } : readEnvelope(record)
    if (envelope.op === 't') {
      for (const change of table.remove(table.rows)) this.#pushChanges(tableNode, change)
      return this.#endVersions(source.name, null, record)
    }
    const document = { ...record, value: envelope.row }
    if (envelope.op === 'd') {
      const columns = feeds.key.map(index => ({ ...source.columns[index]!, notNull: false }))
      const values = decodeRecord(source, columns, document)
      return removeKey(columns.map(column => values.get(column) ?? null))
    }
    const values = decodeRecord(source, decodedColumns([node], this.#cx.live), document)
    this.#push(node, sourceRow(node, values), source.name, record)
  }
}

/** The column as it is in a part of a change: before or after it. */
function inPart(part: string, column: BoundColumn): BoundColumn {
  const { from } = column
  return from.kind === 'Field'
    ? { ...column, from: { ...from, path: [part, ...from.path] } }
    : column
}

function attempt<T>(work: () => T): T | Failure {
  try {
    return work()
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
}

type ToldNode = NodeOf<'Aggregate' | 'TopN' | 'Over'>

/** The clock by which an operator tells its rows, once; null: none does. */
function closingClock(node: StageNode): 'event' | 'processing' | null {
  if (node.kind === 'Over') return node.over.time.clock
  return node.kind === 'Join' || node.emission !== 'close' ? null : node.window!.clock
}

/** What an operator keeps whose rows are told by time, or at the end. */
interface OracleTold {
  /** `mark`: the watermark of the record's partition. */
  add(row: Row, mark: number): void
  remove(row: Row): void
  /** The rows that are told when time has come to `mark`. */
  close(mark: number): (() => Row)[]
  /** The rows that are told where time closes nothing. */
  rows(): (() => Row)[]
}

function isEqual(a: Value, b: Value, type: Parameters<typeof compareValues>[2]): boolean {
  return a !== null && b !== null && compareValues(a, b, type) === 0
}

function keyValues(
  { key, keySchema, ...record }: InputRecord,
  { source }: NodeOf<'Source'>
): Value[] {
  if (source.feeds!.keyFormat === 'avro') {
    const columns = source.feeds!.key.map(index => source.columns[index]!)
    const { schema: _, ...rest } = record
    const named = keySchema === undefined ? {} : { schema: keySchema }
    const values = decodeAvroFields(source, columns, { ...rest, ...named, key, value: key })
    return columns.map(column => values.get(column)!)
  }
  if (key === null) throw new Failure('null-key', 'a record without key and value')
  const text = new TextDecoder().decode(key)
  return source.feeds!.fromKey.map(expr => {
    const value = evalExpr(expr, [text])
    return value === null ? null : castValue(value, expr.type, expr.type)
  })
}

/** What results depend on, and what NOT NULL has checked. */
function decodedColumns(
  nodes: readonly NodeOf<'Source'>[],
  live: LiveColumns
): readonly BoundColumn[] {
  const { columns } = nodes[0]!.source
  const read = new Set(nodes.flatMap(node => [...live.get(node)!].map(i => node.reads[i]!)))
  return columns.filter(
    (column, i) => column.from.kind !== 'Generated' && (read.has(i) || column.notNull)
  )
}

function findConsumers(graph: StreamGraph): ReadonlyMap<StreamNode, readonly StreamNode[]> {
  const consumers = new Map<StreamNode, StreamNode[]>()
  const seen = new Set<StreamNode>()
  const visit = (node: StreamNode): void => {
    if (seen.has(node)) return
    seen.add(node)
    for (const input of node.inputs) {
      consumers.set(input, [...(consumers.get(input) ?? []), node])
      visit(input)
    }
  }
  for (const root of [...graph.sinks, ...graph.tables]) visit(root)
  return consumers
}
