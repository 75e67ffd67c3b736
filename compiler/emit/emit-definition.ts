import { basename } from 'node:path'
import { js, type Code, literal } from '../code/index.ts'
import type { Explained } from '../explain/index.ts'
import type {
  BoundChange,
  BoundModel,
  BoundProperty,
  BoundScript,
  BoundSink,
  BoundSource,
  Program,
  Step
} from '../ir/index.ts'
import { positionAt, type Span } from '../source/index.ts'
import { showType } from '../types/index.ts'
import { type Module, placeOf, shortText } from './module.ts'
import type { TableNames } from './table-names.ts'

export interface TaskNames {
  /** Variable and name of each sink's writer and of each model's runner, set when the pipeline opens. */
  readonly writers: readonly { readonly variable: Code; readonly name: string }[]
  readonly models: readonly { readonly variable: Code; readonly name: string }[]
  readonly tables: readonly TableNames[]
  /** One function per statement that changes a table, in script order. */
  readonly changes: readonly Code[]
  readonly runs: readonly { readonly source: string; readonly run: Code }[]
}

/** `export const pipeline`: everything that the runtime must know besides the loops. */
export function emitDefinition(
  program: Program,
  explained: Explained,
  version: string,
  names: TaskNames,
  module: Module
): void {
  const { body } = module
  const { script } = program
  const used = new Set(names.models.map(({ name }) => name))
  const data = {
    name: script.name,
    version,
    script: basename(script.path),
    delivery: script.settings.delivery,
    commitInterval: script.settings.commitInterval,
    sources: program.tasks.map(task => defineSource(task.source, task.steps)),
    sinks: script.sinks
      .filter(sink => names.writers.some(({ name }) => name === sink.name))
      .map(defineSink),
    models: script.models.filter(({ name }) => used.has(name)).map(defineModel),
    sites: module.sites.map(span => defineSite(span, script)),
    plan: { ...explained }
  }
  body.block(js`export const pipeline: PipelineDefinition =`, () => {
    for (const [key, value] of Object.entries(data)) writeEntry(key, value, module)
    body.line(js`tables: [${names.tables.map(defineTable)}],`)
    body.line(
      js`changes: [${script.changes.map((change, i) => defineChange(change, names.changes[i]!))}],`
    )
    body.block(js`open(cx)`, () => {
      for (const { variable, name } of names.writers) {
        body.line(js`${variable} = cx.writer(${name})`)
      }
      for (const { variable, name } of names.models) body.line(js`${variable} = cx.model(${name})`)
      for (const { state, stored } of names.tables) {
        body.line(js`${state} = cx.table(${stored.table.name})`)
      }
      if (module.usesNow) body.line(js`${module.now()} = () => cx.now()`)
      const tasks = names.runs.map(({ source, run }) => js`{ source: ${source}, run: ${run} }`)
      body.line(js`return [${tasks}]`)
    })
  })
}

type Data = string | number | boolean | null | readonly Data[] | { readonly [key: string]: Data }

function writeEntry(key: string, value: Data, { body }: Module): void {
  const name = /^[a-zA-Z]+$/.test(key) ? dataCode(key, value) : js`${key}: ${toCode(value)}`
  body.line(js`${name},`)
}

function dataCode(key: string, value: Data): Code {
  return js`${literal(key)}: ${toCode(value)}`
}

function toCode(value: Data): Code {
  if (value === null || typeof value !== 'object') return literal(value)
  if (Array.isArray(value)) return js`[${(value as readonly Data[]).map(toCode)}]`
  return js`{ ${Object.entries(value).map(([key, item]) => dataCode(key, item as Data))} }`
}

function defineSource(source: BoundSource, steps: readonly Step[]): Data {
  const models = modelsOf(steps)
  return {
    name: source.name,
    brokers: source.brokers,
    topic: source.topic,
    groupId: source.groupId,
    autoOffsetReset: source.autoOffsetReset,
    properties: defineProperties(source.properties),
    onError: { ...source.onError },
    table: source.feeds === null ? null : source.name,
    fill: {
      records: Math.max(0, ...models.map(model => model.batchSize)),
      wait: Math.max(0, ...models.map(model => model.maxWait))
    },
    line: lineOf(source.span)
  }
}

function modelsOf(steps: readonly Step[]): BoundModel[] {
  return steps.flatMap(step => {
    if (step.kind === 'Write') return []
    const own = step.kind === 'Predict' ? step.calls.map(call => call.model) : []
    return 'steps' in step ? [...own, ...modelsOf(step.steps)] : own
  })
}

function defineSink(sink: BoundSink): Data {
  return {
    name: sink.name,
    brokers: sink.brokers,
    topic: sink.topic,
    compression: sink.compression,
    batchSize: sink.batchSize,
    linger: sink.linger,
    properties: defineProperties(sink.properties),
    onError: { ...sink.onError },
    line: lineOf(sink.span)
  }
}

function defineModel(model: BoundModel): Data {
  const { name, sha256, batchSize, timeout, inputs, output } = model
  return {
    name,
    sha256,
    batchSize,
    timeout,
    inputs: inputs.map(input => ({ ...input })),
    output: { ...output }
  }
}

function defineProperties(properties: readonly BoundProperty[]): Data {
  return Object.fromEntries(properties.map(({ name, value }) => [name, value]))
}

function defineSite(span: Span, script: BoundScript): Data {
  const isInside = (whole: Span): boolean => whole.start <= span.start && span.end <= whole.end
  const insert = script.inserts.find(candidate => isInside(candidate.span))
  const change = script.changes.find(candidate => isInside(candidate.span))
  const { line, column } = placeOf(span)
  const statement =
    insert !== undefined
      ? `INSERT INTO ${insert.target.name}`
      : change !== undefined
        ? statementOf(change)
        : `line ${line}`
  return { statement, line, column, text: shortText(span, 80) }
}

function statementOf({ kind, table }: BoundChange): string {
  const words = { InsertValues: 'INSERT INTO', Update: 'UPDATE', Delete: 'DELETE FROM' }
  return `${words[kind]} ${table}`
}

function defineChange(change: BoundChange, run: Code): Code {
  return js`{ statement: ${statementOf(change)}, line: ${lineOf(change.span)}, run: ${run} }`
}

function defineTable({ stored, indexes }: TableNames): Code {
  const { name, schema, key, span } = stored.table
  const columns = schema.columns.map(column => ({ name: column.name, type: showType(column.type) }))
  const data = { name, columns, key, line: lineOf(span) }
  const entries = Object.entries(data).map(([field, value]) => dataCode(field, value))
  return js`{ ${entries}, indexes: [${indexes}] }`
}

function lineOf({ file, start }: Span): number {
  return positionAt(file, start).line
}
