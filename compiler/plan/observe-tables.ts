import {
  type BoundScript,
  type BoundSink,
  changesOfTests,
  testSinkName,
  UNDECLARED_SINK
} from '../ir/index.ts'

/**
 * The script as tests run it: with a sink for every table that one expects something of, so that tables are seen that no sink
 * publishes, and with the statements that they make.
 */
export function observeTables(script: BoundScript): BoundScript {
  const targets = script.tests.flatMap(({ steps }) =>
    steps.flatMap(step => ('target' in step && step.target.kind === 'Table' ? [step.target] : []))
  )
  const names = new Set(targets.map(({ name }) => name))
  const observed = script.tables.filter(({ name }) => names.has(name))
  const asked = changesOfTests(script.tests).map(({ change }) => change)
  if (observed.length + asked.length === 0) return script
  const sinks = observed.map(({ name, schema, span }): BoundSink => {
    const sink = testSinkName({ kind: 'Table', name })
    return {
      ...UNDECLARED_SINK,
      name: sink,
      brokers: '',
      topic: sink,
      // With each row as it was, so that the table can be told from its changes.
      format: 'debezium',
      table: name,
      schema,
      connector: 'kafka',
      batchSize: 1,
      span
    }
  })
  return { ...script, sinks: [...script.sinks, ...sinks], asked }
}
