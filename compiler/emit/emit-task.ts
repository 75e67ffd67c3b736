import { type Code, js, pascalCase } from '../code/index.ts'
import { endKey, exchangeKey, type SourceTask } from '../ir/index.ts'
import { emitDecoder } from './emit-decoder.ts'
import { emitFeed } from './emit-feed.ts'
import { emitSentChanges, type SentChanges } from './emit-sent-changes.ts'
import { emitGuarded, emitSteps } from './emit-step.ts'
import type { FunctionContext } from './function-context.ts'
import { loopScope } from './loop-scope.ts'
import { mayReject } from './may-reject.ts'
import { type Module, placeOf } from './module.ts'
import type { SharedNames, TaskContext } from './task-context.ts'

/** What runs a source's records, or the rows that `rows` finds in them. */
export interface EmittedTask {
  readonly run: Code
  readonly rows: Code | null
}

/** The decoder and the loop of one source. */
export function emitTask(task: SourceTask, module: Module, shared: SharedNames): EmittedTask {
  return module.body.at(placeOf(task.source.span), () => emitLoop(task, module, shared))
}

function emitLoop(task: SourceTask, module: Module, shared: SharedNames): EmittedTask {
  const { body } = module
  const decoder = emitDecoder(task, module)
  const { feeds } = task.source
  const feed = feeds === null ? null : emitFeed(task, shared, module)
  const sent = task.exchange?.changes === true ? emitSentChanges(task, module, shared) : null
  const run = module.scope.name(`run ${pascalCase(task.source.name)}`)
  const context: TaskContext = { ...shared, resumes: [], later: [] }
  const waits = task.steps.some(callsModel)
  const signature = waits
    ? js`async function ${run}(batch: Batch): Promise<void>`
    : js`function ${run}(batch: Batch): void`
  body.comment(describe(task))
  body.block(signature, () => {
    if (sent !== null || (decoder.guard !== null && decoder.rows === null))
      body.line(js`const { bytes } = batch`)
    body.block(js`for (let i = 0; i < batch.count; i++)`, () => {
      module.work(readingKey(task), body)
      const range = feed?.emit() ?? sent?.find() ?? []
      decoder.guard?.(...range)
      emitRow(task, decoder, sent, module, context)
    })
    for (const resume of context.resumes) body.line(resume)
  })
  body.blank()
  for (let next = context.later.shift(); next !== undefined; next = context.later.shift()) next()
  return { run, rows: decoder.rows }
}

function readingKey({ source, exchange }: SourceTask): string {
  return exchange === undefined ? endKey('Source', source.name) : exchangeKey(source.span)
}

function emitRow(
  task: SourceTask,
  decoder: ReturnType<typeof emitDecoder>,
  sent: SentChanges | null,
  module: Module,
  context: TaskContext
): void {
  const { body } = module
  const scope = loopScope(module)
  const row = decoder.row((hint, code) => {
    const name = scope.name(hint)
    body.line(js`const ${name} = ${code}`)
    return name
  })
  const cx: FunctionContext = { module, out: body, scope, row }
  if (sent !== null) return sent.take(cx)
  const steps = (): void => emitSteps(task.steps, cx, context)
  const alone = task.steps.length === 1 && mayReject(task.steps[0]!)
  if (alone) emitGuarded(cx, steps)
  else steps()
}

function callsModel(step: SourceTask['steps'][number]): boolean {
  if (step.kind === 'Predict') return true
  return 'steps' in step && step.steps.some(callsModel)
}

function describe({ source, steps }: SourceTask): string {
  const targets = new Set<string>()
  const tables = new Set<string>()
  const stack = [...steps]
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    if (step.kind === 'Write') targets.add(step.sink.name)
    else if (step.kind === 'Store') targets.add(step.table.name)
    else if ('stage' in step) targets.add(step.stage)
    else if (step.kind === 'Combine') targets.add(step.exchange)
    else stack.push(...step.steps)
    if (step.kind === 'Lookup' || step.kind === 'Store') tables.add(step.table.name)
    if ('stage' in step) tables.add(step.stage)
  }
  const state = tables.size === 0 ? 'no state' : `state: ${[...tables].join(', ')}`
  return `${source.name} -> ${[...targets].join(', ')}. Append-only, ${state}.`
}
