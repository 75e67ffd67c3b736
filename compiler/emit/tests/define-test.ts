import type { TestColumn, TestPlan, TestStep, Target } from '../../../runtime/test/plan.ts'
import {
  type BoundColumn,
  type BoundScript,
  type BoundSource,
  type BoundTest,
  type BoundTestStep,
  type BoundTestTarget,
  invariant,
  testSinkName,
  testValuesName
} from '../../ir/index.ts'
import type { Column, SqlType } from '../../types/index.ts'
import { placeOf } from '../module.ts'

/** A test as the runtime takes it; `index` is its place among the tests of its file. */
export function defineTest(
  { start, steps }: BoundTest,
  index: number,
  script: BoundScript
): TestPlan {
  return {
    start,
    steps: steps.map((step, i) => defineStep(step, testValuesName(index, i), script))
  }
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
        isDocument: isDocument(source),
        columns: given.map(column => ({ name: column.name, to: destination(column) })),
        values
      }
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
      return { kind: 'expect', place, target: defineTarget(step.target), columns, values }
    }
    case 'ExpectRows':
      return { kind: 'expectRows', place, target: defineTarget(step.target), count: step.count }
    case 'ExpectErrors':
      return { kind: 'expectErrors', place, count: step.count }
  }
}

function sourceOf(name: string, { sources }: BoundScript): BoundSource {
  return sources.find(source => source.name === name)!
}

/** A JSON source reads members of an object, unless it has no SCHEMA: then the whole value is its column. */
function isDocument({ format, columns }: BoundSource): boolean {
  return format === 'json' && columns.every(({ from }) => from.kind !== 'Value')
}

function destination({ from, span }: BoundColumn) {
  if (from.kind === 'Field') return { kind: 'field', path: from.path.map(String) } as const
  if (from.kind === 'Value') return { kind: 'value' } as const
  const what = from.kind === 'Metadata' ? from.what : null
  const isGiven = what === 'key' || what === 'partition' || what === 'timestamp'
  invariant(isGiven, 'the binder lets no test give a column that a record does not bring', span)
  return { kind: what } as const
}

/** The records of a sink are events; a table is what it holds now. */
function defineTarget(target: BoundTestTarget): Target {
  return { sink: testSinkName(target), whole: target.kind === 'Table', title: target.name }
}

function defineColumn({ name, type }: Column): TestColumn {
  return { name, type: valueKind(type) }
}

function valueKind({ kind }: SqlType): TestColumn['type'] {
  switch (kind) {
    case 'SmallInt':
    case 'Int':
    case 'BigInt':
    case 'Decimal':
      return 'number'
    case 'Real':
    case 'Double':
      return 'double'
    case 'Boolean':
    case 'Text':
    case 'Bytes':
    case 'Date':
    case 'Time':
    case 'Timestamp':
    case 'TimestampTz':
    case 'Interval':
    case 'Null':
      return 'text'
    case 'Json':
    case 'Array':
    case 'Row':
    case 'Map':
    case 'Vector':
      return 'json'
  }
}
