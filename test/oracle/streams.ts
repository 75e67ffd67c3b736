import type {
  BoundColumn,
  BoundModel,
  NodeOf,
  StreamKind,
  StreamNode
} from '../../compiler/ir/index.ts'
import { isDecimal, showDecimal } from './decimal.ts'
import { evalExpr, evalTest } from './eval.ts'
import { encodeChanges, encodeEvent } from './encode.ts'
import { Failure } from './failure.ts'
import { isEvents } from './graph.ts'
import type { LiveColumns } from './live.ts'
import type { Model } from './model.ts'
import type { OutputRecord, Row, Value } from './value.ts'

export interface StreamContext {
  readonly live: LiveColumns
  readonly models: ReadonlyMap<string, Model>
  readonly write: (sink: string, record: OutputRecord) => void
}

/** What a node makes of one row: null where it drops the row. Throws a Failure where the row fails. */
export function evalNode(node: StreamNode, row: Row, cx: StreamContext): Row | null {
  return evaluators[node.kind](node as never, row, cx)
}

type NodeEvaluator<K extends StreamKind> = (
  node: NodeOf<K>,
  row: Row,
  cx: StreamContext
) => Row | null

/** The kinds that have a slow twin: the architecture test compares them with the IR's. */
export const evaluators: { readonly [K in StreamKind]: NodeEvaluator<K> } = {
  Source: (_node, row) => row,
  // Time and groups are the business of `Dataflow`.
  Watermark: (_node, row) => row,
  Aggregate: (_node, row) => row,
  TopN: (_node, row) => row,
  Over: (_node, row) => row,
  Filter: (node, row) => (evalTest(node.predicate, row) ? row : null),
  Project: (node, row, cx) =>
    node.exprs.map((expr, i) => (cx.live.get(node)!.has(i) ? evalExpr(expr, row) : null)),
  Union: (_node, row) => row,
  Predict: evalPredict,
  // A table holds rows, and lookups and arrays give several: `Dataflow` has them.
  Table: (_node, row) => row,
  Lookup: (_node, row) => row,
  Join: (_node, row) => row,
  Unnest: (_node, row) => row,
  Sink: (node, row, cx) => {
    const { sink, schema, inputs } = node
    const [change] = encodeChanges(sink, schema, { before: null, after: row }, true)
    cx.write(sink.name, isEvents(inputs[0]!) ? encodeEvent(sink, schema, row) : change!)
    return null
  }
}

function evalPredict(node: NodeOf<'Predict'>, row: Row, cx: StreamContext): Row {
  const width = node.schema.columns.length - node.calls.length
  const answers = node.calls.map((call, i): Value => {
    if (!cx.live.get(node)!.has(width + i)) return null
    if (call.when !== null && !evalTest(call.when, row)) return null
    const args = call.args.map(arg => evalExpr(arg, row))
    if (args.some(Number.isNaN)) throw new Failure('not-finite', 'a model argument is NaN')
    if (args.includes(null)) return null
    return runModel(cx, call.model, args.map(toDouble))
  })
  return [...row.slice(0, width), ...answers]
}

/** As a model takes it. */
function toDouble(value: Value): number {
  return isDecimal(value) ? Number(showDecimal(value)) : Number(value)
}

function runModel(cx: StreamContext, { name, output }: BoundModel, args: readonly number[]): Value {
  const model = cx.models.get(name)
  if (model === undefined) throw new Error(`no model ${name}`)
  const answer = askModel(model, args)
  const { index, width } = output
  const picked = index === null ? answer : [answer[index]!]
  const wrong = picked.find(number => !Number.isFinite(number))
  if (wrong !== undefined) throw new Failure('model-not-finite', String(wrong))
  return index === null && width > 1 ? picked : picked[0]!
}

function askModel(model: Model, args: readonly number[]): readonly number[] {
  try {
    return model(args)
  } catch (error) {
    throw new Failure('model-failed', String(error))
  }
}

/** Values of a source's decoded columns as a row of the node's schema. */
export function sourceRow(node: NodeOf<'Source'>, values: ReadonlyMap<BoundColumn, Value>): Row {
  return node.reads.map(index => values.get(node.source.columns[index]!) ?? null)
}
