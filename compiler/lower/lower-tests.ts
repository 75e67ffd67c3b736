import {
  type BoundScript,
  type BoundSink,
  type BoundSource,
  type BoundTest,
  type BoundTestRows,
  EMPTY_SCRIPT,
  type Program,
  type SourceTask,
  testValuesName,
  UNDECLARED_SINK
} from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import type { RowType } from '../types/index.ts'

/**
 * The rows of the tests of one file as a pipeline: a source per step, whose every record makes its task write all the step's
 * rows to a sink. So tests need no evaluator and no encoder of their own.
 */
export function lowerTests(tests: readonly BoundTest[], script: BoundScript): Program {
  const sinks: BoundSink[] = []
  const tasks = tests.flatMap(({ steps }, test) =>
    steps.flatMap((step, index) => {
      if (!('values' in step)) return []
      const name = testValuesName(test, index)
      const sink = makeSink(name, step.values.schema, step.span)
      sinks.push(sink)
      return [lowerRows(name, step.values, sink)]
    })
  )
  return Object.freeze({
    script: {
      ...EMPTY_SCRIPT,
      name: 'values',
      path: script.path,
      settings: script.settings,
      sources: tasks.map(({ source }) => source),
      sinks
    },
    tasks,
    tables: [],
    copies: [],
    stages: []
  })
}

function lowerRows(name: string, { rows, schema }: BoundTestRows, sink: BoundSink): SourceTask {
  const { span } = sink
  const steps = rows.map(exprs => {
    const write = { kind: 'Write', sink, changes: null, schema, span } as const
    return { kind: 'Project', exprs, schema, steps: [write], span } as const
  })
  const decoder = { columns: [], checks: [], schema: { columns: [] } }
  return Object.freeze({ source: makeSource(name, span), decoder, steps })
}

function makeSource(name: string, span: Span): BoundSource {
  return {
    name,
    brokers: '',
    topic: name,
    groupId: '',
    autoOffsetReset: 'earliest',
    skipsMissing: false,
    writerSchema: null,
    registry: null,
    format: 'json',
    timestampUnit: null,
    columns: [],
    schema: { columns: [] },
    feeds: null,
    watermark: null,
    onLate: { action: 'log', deadLetterTopic: null },
    properties: [],
    onError: UNDECLARED_SINK.onError,
    span
  }
}

function makeSink(name: string, schema: RowType, span: Span): BoundSink {
  const connector = 'kafka'
  return {
    ...UNDECLARED_SINK,
    name,
    connector,
    brokers: '',
    topic: name,
    schema,
    batchSize: 1,
    span
  }
}
