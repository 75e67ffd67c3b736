import type {
  BoundChange,
  BoundColumn,
  NodeOf,
  StreamGraph,
  StreamNode
} from '../../compiler/ir/index.ts'
import { castValue } from './cast.ts'
import { compareValues } from './compare.ts'
import { decodeRecord } from './decode.ts'
import { encodeChange } from './encode.ts'
import { evalExpr } from './eval.ts'
import { Failure } from './failure.ts'
import { type Envelope, readEnvelope } from './envelope.ts'
import type { LiveColumns } from './live.ts'
import { evalNode, sourceRow, type StreamContext } from './streams.ts'
import { type Change, OracleTable } from './table.ts'
import { unnest } from './unnest.ts'
import type { InputRecord, Row, Value } from './value.ts'

export interface DataflowContext extends StreamContext {
  readonly graph: StreamGraph
  reject(source: string, record: InputRecord, failure: Failure): void
}

/** Pushes rows and changes through a graph, one by one. */
export class Dataflow {
  readonly #cx: DataflowContext
  readonly #consumers: ReadonlyMap<StreamNode, readonly StreamNode[]>
  readonly #tables: ReadonlyMap<string, OracleTable>

  constructor(cx: DataflowContext) {
    this.#cx = cx
    this.#consumers = findConsumers(cx.graph)
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
    const { where } = statement
    const rows = table.rows.filter(row => where === null || evalExpr(where, row) === true)
    if (statement.kind === 'Delete') return table.remove(rows)
    const after = (row: Row): Row => statement.row.map(expr => evalExpr(expr, row))
    return table.update(rows.map(before => ({ before, after: after(before) })))
  }

  /** A record of a source that several nodes may read: decoded once. */
  record(nodes: readonly NodeOf<'Source'>[], record: InputRecord): void {
    const { source } = nodes[0]!
    this.#guard(source.name, record, () => {
      if (source.feeds !== null) return this.#feed(nodes[0]!, record)
      const values = decodeRecord(source, decodedColumns(nodes, this.#cx.live), record)
      for (const node of nodes) this.#push(node, sourceRow(node, values), source.name, record)
    })
  }

  #guard(source: string, record: InputRecord, action: () => void): void {
    try {
      action()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      this.#cx.reject(source, record, error)
    }
  }

  #push(node: StreamNode, row: Row, source: string, record: InputRecord): void {
    this.#guard(source, record, () => {
      for (const result of this.#rowsOf(node, row)) {
        for (const consumer of this.#consumers.get(node) ?? []) {
          if (consumer.kind === 'Lookup' && consumer.inputs[0] !== node) continue
          this.#push(consumer, result, source, record)
        }
      }
    })
  }

  #rowsOf(node: StreamNode, row: Row): readonly Row[] {
    if (node.kind === 'Lookup') return this.#lookup(node, row)
    if (node.kind === 'Unnest') return unnest(node, row)
    if (node.kind === 'Table') {
      this.#pushChanges(node, this.#tables.get(node.table.name)!.upsert(row))
      return []
    }
    const result = evalNode(node, row, this.#cx)
    return result === null ? [] : [result]
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
    for (const consumer of this.#consumers.get(node) ?? []) {
      if (consumer.kind !== 'Lookup') this.#pushChange(consumer, change)
    }
  }

  #pushChange(node: StreamNode, { before, after }: Change): void {
    if (node.kind === 'Sink') {
      this.#cx.write(node.sink.name, encodeChange(node.sink, node.schema, { before, after }))
      return
    }
    const rowOf = (row: Row | null): Row | null =>
      row === null ? null : evalNode(node, row, this.#cx)
    const result = { before: rowOf(before), after: rowOf(after) }
    if (result.before !== null || result.after !== null) this.#pushChanges(node, result)
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
    }
    if (record.value === null) {
      if (feeds.format === 'upsert') removeKey(keyValues(record, node))
      return
    }
    const envelope: Envelope =
      feeds.format === 'upsert' ? { op: 'c', row: record.value } : readEnvelope(record)
    if (envelope.op === 't') {
      for (const change of table.remove(table.rows)) this.#pushChanges(tableNode, change)
      return
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

function isEqual(a: Value, b: Value, type: Parameters<typeof compareValues>[2]): boolean {
  return a !== null && b !== null && compareValues(a, b, type) === 0
}

function keyValues({ key }: InputRecord, { source }: NodeOf<'Source'>): Value[] {
  const text = key === null ? null : new TextDecoder().decode(key)
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
