import {
  argumentsOfAggregate,
  type BoundColumn,
  type BoundSink,
  childrenOf,
  columnOfBytes,
  type Decoder,
  type Expr,
  isJsonWritten,
  makeColumn,
  type NodeOf,
  plainColumn,
  type Step,
  type StepOf
} from '../ir/index.ts'
import { canCopyJson, type TypeKind } from '../types/index.ts'

/** For each column of a row: the decoder's column that it is, unchanged; null: it was computed. */
type Origins = readonly (number | null)[]

/** What a decoder reads. */
interface Read {
  readonly columns: readonly BoundColumn[]
  readonly mayCopy: boolean
}

interface Uses {
  readonly copied: Set<number>
  readonly parsed: Set<number>
  readonly compared: Set<number>
}

/** `columns` are the columns of the source node that `steps` read. */
export function lowerDecoder(
  { source, reads, schema }: NodeOf<'Source'>,
  columns: readonly number[],
  steps: readonly Step[]
): Decoder {
  const bound = columns.map(index => source.columns[reads[index]!]!)
  const uses: Uses = { copied: new Set(), parsed: new Set(), compared: new Set() }
  const origins = bound.map((_, index) => index)
  // Only JSON leaves as it comes.
  const mayCopy = source.format === 'json'
  for (const step of steps) collectUses(step, origins, { columns: bound, mayCopy }, uses)
  const taken = new Set(bound)
  return Object.freeze({
    columns: bound.map((column, index) => ({
      column,
      copied: uses.copied.has(index),
      parsed: uses.parsed.has(index),
      compared: uses.compared.has(index) && !uses.parsed.has(index)
    })),
    checks: source.columns.filter(column => column.notNull && !taken.has(column)),
    schema: { columns: columns.map(index => schema.columns[index]!) }
  })
}

function collectUses(step: Step, origins: Origins, read: Read, uses: Uses): void {
  for (const expr of computedBy(step)) collectRead(expr, origins, read, uses)
  switch (step.kind) {
    case 'Store':
      for (const origin of origins) if (origin !== null) uses.parsed.add(origin)
      return
    case 'Write':
      collectWrite(step, origins, read, uses)
      return
    case 'Aggregate':
    case 'Combine':
    case 'Join':
    case 'TopN':
    case 'Over':
      return
    default: {
      const behind = originsBehind(step, origins)
      for (const next of step.steps) collectUses(next, behind, read, uses)
    }
  }
}

/** Of text that is only compared with literals, the bytes are enough. */
function collectRead(
  root: Expr,
  origins: Origins,
  { columns, mayCopy }: Read,
  { parsed, compared }: Uses
): void {
  const stack = [root]
  for (let expr = stack.pop(); expr !== undefined; expr = stack.pop()) {
    const column = columnOfBytes(expr) ?? expr
    if (column.kind !== 'Column') {
      stack.push(...childrenOf(expr))
      continue
    }
    const origin = origins[column.index] ?? null
    if (origin === null) continue
    const isBytes = column !== expr && mayCopy && hasOwnBytes(columns[origin]!)
    if (isBytes) compared.add(origin)
    else parsed.add(origin)
  }
}

/** What a step computes of its row. */
function computedBy(step: Step): readonly Expr[] {
  switch (step.kind) {
    case 'Filter':
      return [step.predicate]
    case 'InTime':
      return [step.time]
    case 'Project':
      return step.exprs.filter(expr => expr.kind !== 'Column')
    case 'Predict':
      return step.calls.flatMap(({ args, when }) => (when === null ? args : [...args, when]))
    case 'Lookup':
      return lookedUpBy(step)
    case 'Unnest':
      return [step.unnest.array]
    case 'Aggregate':
    case 'Combine':
      return countedBy(step)
    case 'Watermark': {
      const { column } = step.watermark
      return [makeColumn(column, step.schema.columns[column]!, step.span)]
    }
    case 'TopN':
    case 'Over':
      return step.columns.map((column, i) => makeColumn(column, step.kept.columns[i]!, step.span))
    case 'Join':
      return step.columns.map(index => makeColumn(index, step.schema.columns[index]!, step.span))
    case 'Store':
    case 'Write':
      return []
  }
}

function lookedUpBy({ keys, condition }: StepOf<'Lookup'>): readonly Expr[] {
  const left = keys.map(key => key.left)
  return condition === null ? left : [...left, condition]
}

function countedBy(step: StepOf<'Aggregate' | 'Combine'>): readonly Expr[] {
  const read = [...step.keys, ...step.aggregates.flatMap(argumentsOfAggregate)]
  return step.kind === 'Combine' || step.combined === null ? read : [...read, step.combined]
}

/** SEMI and ANTI pass on none of the table's columns: what stands there is read by nothing. */
function originsBehind(
  step: Exclude<
    Step,
    StepOf<'Store' | 'Aggregate' | 'Combine' | 'Join' | 'TopN' | 'Over' | 'Write'>
  >,
  origins: Origins
): Origins {
  switch (step.kind) {
    case 'Watermark':
    case 'Filter':
      return origins
    case 'InTime':
      return step.slices === null && step.mark === null ? origins : [...origins, null]
    case 'Project':
      return step.exprs.map(expr => (expr.kind === 'Column' ? origins[expr.index]! : null))
    case 'Predict':
      return [...origins, ...step.calls.map(() => null)]
    case 'Lookup':
      return [...origins, ...step.table.schema.columns.map(() => null)]
    case 'Unnest': {
      const kept = step.keeps.map(index => origins[index]!)
      return [...kept, ...step.unnest.columns.map(() => null)]
    }
  }
}

function collectWrite(
  { sink, schema }: StepOf<'Write'>,
  origins: Origins,
  { columns, mayCopy }: Read,
  uses: Uses
): void {
  const isJson = mayCopy && isJsonWritten(sink)
  const plain = plainColumn(sink, schema)
  origins.forEach((origin, index) => {
    if (origin === null) return
    if (plain !== null) {
      if (index === plain || sink.partitionKey.includes(index)) uses.parsed.add(origin)
      return
    }
    if (isJson && canCopy(columns[origin]!, sink)) uses.copied.add(origin)
    else uses.parsed.add(origin)
    // A record key is plain text, not JSON.
    if (sink.partitionKey.includes(index)) uses.parsed.add(origin)
  })
}

/** Types whose JSON leaves as it came. */
const copied: ReadonlySet<TypeKind> = new Set([
  'Boolean',
  'SmallInt',
  'Int',
  'Double',
  'Text',
  'Json'
])
const composite: ReadonlySet<TypeKind> = new Set(['Array', 'Row', 'Map', 'Vector', 'Bytes'])

/** Whether all that a column can be stands in the document. */
function hasOwnBytes({ from, defaultValue }: BoundColumn): boolean {
  return from.kind === 'Field' && defaultValue === null
}

/** Whether the bytes that a column has in the input are what the sink writes for it. */
function canCopy(column: BoundColumn, sink: BoundSink): boolean {
  if (!hasOwnBytes(column)) return false
  const { type } = column
  if (copied.has(type.kind)) return true
  if (composite.has(type.kind)) return canCopyJson(type, sink.decimalFormat === 'string')
  if (type.kind === 'BigInt') return sink.decimalFormat === 'number'
  // A declared scale may round; times come in several forms and leave in one.
  return type.kind === 'Decimal' && sink.decimalFormat === 'number' && type.scale === null
}
