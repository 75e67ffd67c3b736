import { basename } from 'node:path'
import { js, type Code, literal } from '../code/index.ts'
import type { Explained } from '../explain/index.ts'
import type {
  BoundInsert,
  BoundModel,
  BoundProperty,
  BoundSink,
  BoundSource,
  Program,
  Step
} from '../ir/index.ts'
import { positionAt, type Span } from '../source/index.ts'
import { type Module, placeOf, shortText } from './module.ts'

export interface TaskNames {
  /** Variable and name of each sink's writer and of each model's runner, set when the pipeline opens. */
  readonly writers: readonly { readonly variable: Code; readonly name: string }[]
  readonly models: readonly { readonly variable: Code; readonly name: string }[]
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
    sites: module.sites.map(span => defineSite(span, script.inserts)),
    plan: { ...explained }
  }
  body.block(js`export const pipeline: PipelineDefinition =`, () => {
    for (const [key, value] of Object.entries(data)) writeEntry(key, value, module)
    body.block(js`open(cx)`, () => {
      for (const { variable, name } of names.writers) {
        body.line(js`${variable} = cx.writer(${name})`)
      }
      for (const { variable, name } of names.models) body.line(js`${variable} = cx.model(${name})`)
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
    return [...own, ...modelsOf(step.steps)]
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

function defineSite(span: Span, inserts: readonly BoundInsert[]): Data {
  const insert = inserts.find(
    ({ span: whole }) => whole.start <= span.start && span.end <= whole.end
  )
  const { line, column } = placeOf(span)
  return {
    statement: insert === undefined ? `line ${line}` : `INSERT INTO ${insert.target.name}`,
    line,
    column,
    text: shortText(span, 80)
  }
}

function lineOf({ file, start }: Span): number {
  return positionAt(file, start).line
}
