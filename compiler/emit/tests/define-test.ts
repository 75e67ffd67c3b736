import type {
  InputStep,
  Target,
  TestColumn,
  TestPlan,
  TestStep,
  ValueKind
} from '../../../runtime/test/plan.ts'
import {
  type BoundColumn,
  type BoundScript,
  type BoundSink,
  type BoundSource,
  type BoundTest,
  type BoundTestStep,
  type BoundTestTarget,
  changesOfTests,
  invariant,
  plainColumn,
  testSinkName,
  testValuesName,
  typeAsRead
} from '../../ir/index.ts'
import type { Column, TypeKind } from '../../types/index.ts'
import { placeOf } from '../module.ts'

/** A test as the runtime takes it; `index` is its place among the tests of its file. */
export function defineTest(
  { start, steps, span }: BoundTest,
  index: number,
  script: BoundScript
): TestPlan {
  return {
    place: placeOf(span),
    start,
    steps: steps.map((step, i) => {
      const defined = defineStep(step, testValuesName(index, i), script)
      return defined.kind === 'expect' ? { ...defined, apart: isApart(steps, i) } : defined
    })
  }
}

/** Whether an EXPECT that stands beside this one looks at the deletions of its sink. */
function isApart(steps: readonly BoundTestStep[], at: number): boolean {
  const isExpect = (step: BoundTestStep): boolean => step.kind.startsWith('Expect')
  const first = steps.findLastIndex((step, i) => i < at && !isExpect(step)) + 1
  const end = steps.findIndex((step, i) => i > at && !isExpect(step))
  const [step] = steps.slice(at)
  return steps
    .slice(first, end < 0 ? steps.length : end)
    .some(
      other =>
        other.kind === 'Expect' &&
        other.deletes &&
        step?.kind === 'Expect' &&
        other.target.name === step.target.name
    )
}

function defineStep(step: BoundTestStep, values: string, script: BoundScript): TestStep {
  const place = placeOf(step.span)
  switch (step.kind) {
    case 'Input': {
      const source = sourceOf(step.source, script)
      const given = step.columns.map(index => source.columns[index]!)
      return {
        kind: 'input',
        place,
        topic: source.topic,
        at: step.at,
        isDocument: isDocument(source, given),
        isChange: source.feeds?.format === 'debezium',
        deletes: step.deletes ? deletedBy(source) : null,
        columns: given.map(column => ({ name: column.name, to: destination(column) })),
        values
      }
    }
    case 'Change': {
      const index = changesOfTests(script.tests).indexOf(step)
      return { kind: 'change', place, index }
    }
    case 'InputRaw': {
      const records = step.records.map(bytes => Buffer.from(bytes).toString('base64'))
      return {
        kind: 'raw',
        place,
        topic: sourceOf(step.source, script).topic,
        at: step.at,
        records
      }
    }
    case 'Model':
      return { kind: 'model', place, model: step.model, values }
    case 'Advance':
      return { kind: 'advance', place, to: step.to }
    case 'Expect': {
      const columns = step.values.schema.columns.map(defineColumn)
      const keys = step.deletes ? keyOf(step.target, script) : null
      const target = defineTarget(step.target, script)
      return { kind: 'expect', place, target, columns, keys, apart: false, values }
    }
    case 'ExpectRows':
      return {
        kind: 'expectRows',
        place,
        target: defineTarget(step.target, script),
        count: step.count
      }
    case 'ExpectCount':
      return { kind: 'expectCount', place, what: step.what, count: step.count }
  }
}

function sourceOf(name: string, { sources }: BoundScript): BoundSource {
  return sources.find(source => source.name === name)!
}

/** The columns of a sink's key. */
function keyOf({ name }: BoundTestTarget, { sinks }: BoundScript): readonly string[] {
  const { partitionKey, schema } = sinks.find(sink => sink.name === name)!
  return partitionKey.map(index => schema!.columns[index]!.name)
}

/** What tells which row of a topic is deleted. */
function deletedBy({ feeds }: BoundSource): InputStep['deletes'] {
  return feeds!.format === 'debezium'
    ? 'before'
    : `${feeds!.keyFormat === 'json' ? 'json' : 'text'} key`
}

/** A JSON source reads members of an object, unless the whole value is one column. */
function isDocument({ format, columns }: BoundSource, given: readonly BoundColumn[]): boolean {
  return (
    format === 'json' && columns.every(({ from }) => from.kind !== 'Value') && !given.some(isWhole)
  )
}

/** Whether a column is the whole record. */
function isWhole({ from }: BoundColumn): boolean {
  return from.kind === 'Value' || (from.kind === 'Field' && from.path.length === 0)
}

function destination(column: BoundColumn) {
  const { from, span } = column
  const type = typeAsRead(column)
  if (isWhole(column)) return { kind: 'value', isBytes: type.kind === 'Bytes' } as const
  if (from.kind === 'Field') return { kind: 'field', path: from.path } as const
  const what = from.kind === 'Metadata' ? from.what : null
  if (what === 'key' || what === 'headers') {
    const inside = type.kind === 'Map' ? type.value : type
    return { kind: what, isBytes: inside.kind === 'Bytes' } as const
  }
  const isGiven = what === 'partition' || what === 'timestamp'
  invariant(isGiven, 'the binder lets no test give a column that a record does not bring', span)
  return { kind: what } as const
}

/** The records of a sink are events; a table is what it holds now. */
function defineTarget(target: BoundTestTarget, { sinks }: BoundScript): Target {
  const { kind, name } = target
  const isTable = kind === 'Table'
  const sink = isTable ? undefined : sinks.find(one => one.name === name)
  const isChange = isTable || sink?.format === 'debezium'
  const plain = sink === undefined ? null : definePlain(sink)
  return { sink: testSinkName(target), isTable, isChange, plain, title: name }
}

function definePlain(sink: BoundSink): Target['plain'] {
  const { schema } = sink
  const index = schema === null ? null : plainColumn(sink, schema)
  if (schema === null || index === null) return null
  return { name: schema.columns[index]!.name, isBytes: sink.format === 'bytes' }
}

function defineColumn({ name, type }: Column): TestColumn {
  return { name, type: valueKinds[type.kind] }
}

const valueKinds: Readonly<Record<TypeKind, ValueKind>> = {
  SmallInt: 'number',
  Int: 'number',
  BigInt: 'number',
  Decimal: 'number',
  Real: 'double',
  Double: 'double',
  Boolean: 'text',
  Text: 'text',
  Bytes: 'text',
  Date: 'text',
  Time: 'text',
  Timestamp: 'text',
  TimestampTz: 'text',
  Interval: 'text',
  Null: 'text',
  Json: 'json',
  Array: 'json',
  Row: 'json',
  Map: 'json',
  Vector: 'json'
}
