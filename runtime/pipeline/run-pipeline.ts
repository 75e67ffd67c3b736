import { readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { makeKafkaConnector } from '../connect/kafka/index.ts'
import { printTo, withPrinter } from '../connect/stdout/index.ts'
import type {
  Connector,
  ModelRunner,
  PipelineDefinition,
  PipelineTopology
} from '../contract/index.ts'
import {
  giveBack,
  guardProcess,
  limitHeap,
  type MemoryGuard,
  shareOfClients
} from '../memory/index.ts'
import { loadTrimMemory, readModel, readShipped } from '../native/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { type Logger, makeLogger } from '../observe/log.ts'
import type { Snapshot } from '../observe/snapshot.ts'
import { openRegistry } from '../registry/index.ts'
import { EventLoop } from '../observe/event-loop.ts'
import { planNodes } from '../observe/operators.ts'
import { RecordSamples } from '../observe/record-samples.ts'
import { definePart, resetTopology, startTopology, topicsBetween } from '../topology/index.ts'
import { systemClock } from '../time/clock.ts'
import { WORKER, WORKER_COUNT } from '../workers/worker.ts'
import { WorkerEnded } from '../workers/worker-ended.ts'
import { carriesTraceContext } from './carry-context.ts'
import { helpText, parseCommandLine, type RunOptions } from './command-line.ts'
import { takeEndOfInput } from './end-of-input.ts'
import { findToken } from './find-token.ts'
import { loadTelemetry } from './load-telemetry.ts'
import { loadWatch } from './load-watch.ts'
import { reach } from './reach.ts'
import { serve } from './serve.ts'
import { resetState } from './reset-state.ts'
import { runReplay } from './run-replay.ts'
import { StoppedByRecord } from './stopped-by-record.ts'
import { askAnalysis, askHealth, askStatus } from './local-client.ts'
import { type Pipeline, type PipelineOptions, startPipeline } from './start-pipeline.ts'
import { takeSignals } from './take-signals.ts'
import { describeBug } from './bug-report.ts'

/** How often is told what the log has left out, in ms. */
const TELL_REST = 5000

/** One pipeline, or the parts of one. */
type RunDefinition = PipelineDefinition | PipelineTopology

type Environment = Readonly<Record<string, string | undefined>>

/** What the executable does: its command line, then the pipeline until a signal. Sets the process's exit code, and answers it. */
export async function runPipeline(
  definition: RunDefinition,
  words: readonly string[] = process.argv.slice(2),
  environment: Environment = process.env
): Promise<number> {
  const code = await runCommand(definition, words, environment)
  process.exitCode = code
  return code
}

async function runCommand(
  definition: RunDefinition,
  words: readonly string[],
  environment: Environment
): Promise<number> {
  const command = parseCommandLine(words)
  switch (command.kind) {
    case 'help':
      process.stdout.write(helpText(definition.name))
      return 0
    case 'version':
      process.stdout.write(`${definition.name} ${definition.version}\n`)
      return 0
    case 'sbom':
      process.stdout.write(readShipped('sbom.cdx.json'))
      return 0
    case 'explain':
      process.stdout.write(definition.plan[command.format])
      return 0
    case 'usage':
      process.stderr.write(
        `${definition.name}: ${command.problem}\nSee ${definition.name} --help\n`
      )
      return 2
    case 'health':
      return reach(command, environment, askHealth)
    case 'status':
      return reach(command, environment, pipeline => askStatus(pipeline, command, loadWatch))
    case 'analyze':
      return reach(command, environment, pipeline =>
        askAnalysis(pipeline, command, definition, loadWatch)
      )
    case 'sql': {
      const { askSql } = await import('../shell/ask-sql.ts')
      return askSql(command, environment)
    }
    case 'replay-dlq':
      return runReplay(definition.name, partsOf(definition), command.words, environment)
    case 'run':
      if (command.workers > 1 && isOneProcess(definition)) {
        process.stderr.write(
          `${definition.name}: --workers: a pipeline with state is one process; SET parallelism = ${command.workers} in its script splits it\n`
        )
        return 2
      }
      return command.dryRun
        ? dryRun(definition, command, environment)
        : runUntilSignal(definition, command, environment)
  }
}

/** Those of the script, and those that somebody only thinks are. */
function modelNames({ models }: RunDefinition, options: RunOptions): readonly string[] {
  return [...new Set([...models.map(({ name }) => name), ...options.models.keys()])]
}

function onlyModel({ models }: RunDefinition, name: string): Pick<RunDefinition, 'models'> {
  const known = models.filter(model => model.name === name)
  return { models: known.length > 0 ? known : models }
}

function onlyOf(paths: ReadonlyMap<string, string>, name: string): ReadonlyMap<string, string> {
  return new Map([...paths].filter(([given]) => given === name))
}

/** Says whether a start would find what it needs. */
async function dryRun(
  definition: RunDefinition,
  options: RunOptions,
  environment: Environment
): Promise<number> {
  const { renderChecks, runChecks } = await import('../dry-run/index.ts')
  const defined =
    'fragments' in definition
      ? definition.fragments.map(fragment => definePart(definition, fragment, 0))
      : [definition]
  const ends = countEnds(definition)
  const parts = defined.map(part => withOptions(part, options, ends))
  const checks = await runChecks({
    ...{ parts, options, environment },
    topics: 'fragments' in definition ? topicsBetween(definition.name, parts) : [],
    stateFolder: options.stateFolder ?? usualStateFolder(definition.name, environment),
    models: modelNames(definition, options).map(name => ({
      name,
      open: () => openModels(onlyModel(definition, name), onlyOf(options.models, name))
    }))
  })
  process.stdout.write(renderChecks(checks))
  return checks.some(({ verdict }) => verdict === 'failed') ? 3 : 0
}

function isOneProcess(definition: RunDefinition): boolean {
  return !('fragments' in definition) && definition.tables.length + definition.stages.length > 0
}

function keepsState(definition: RunDefinition): boolean {
  return 'fragments' in definition || isOneProcess(definition)
}

async function runUntilSignal(
  definition: RunDefinition,
  options: RunOptions,
  environment: Environment
): Promise<number> {
  if (options.maxMemory !== null) limitHeap(options.maxMemory, environment)
  const log = makeLogger({
    format: options.logFormat,
    level: options.logLevel,
    clock: systemClock,
    write: line => void process.stderr.write(line)
  })
  // Whether anybody reads the log is no reason to stop.
  process.stderr.on('error', () => {})
  // What no promise carries, as an error in a callback of the client: without this, Node prints the line, which is the bundle.
  process.on('uncaughtException', error => process.exit(reportFailure(error, definition, log)))
  // What fails no more has no next line to say how often it did.
  const telling = setInterval(() => log.tellRest(false), TELL_REST)
  telling.unref()
  try {
    const models = await openModels(definition, options.models)
    const output = printTo(process.stdout, options.output)
    const openConnector = (): Connector => withPrinter(makeKafkaConnector(log, environment), output)
    await runOn(definition, openConnector, models, options, log, environment, output.closed)
    return 0
  } catch (error) {
    return reportFailure(error, definition, log)
  } finally {
    clearInterval(telling)
    log.tellRest(true)
  }
}

async function runOn(
  definition: RunDefinition,
  openConnector: () => Connector,
  models: ReadonlyMap<string, ModelRunner>,
  options: RunOptions,
  log: Logger,
  environment: Environment,
  /** Resolves when nobody reads what is printed any more. */
  unread: Promise<undefined>
): Promise<void> {
  const trim = await loadTrimMemory()
  const endGiving = giveBack(trim)
  let pipeline: Pipeline | null = null
  const token = findToken(options, environment)
  const samples = options.sampleRecords ? new RecordSamples(systemClock) : null
  // The clients begin to connect before the servers are loaded.
  const serving = turn().then(() =>
    serve(options, { definition, samples, current: () => pipeline }, token, log)
  )
  // The port is taken or free before anything is consumed, and before state is taken over from a process that may have both.
  if (keepsState(definition)) await serving
  else serving.catch(() => {})
  const signals = takeSignals(log, () => pipeline)
  const { name, version } = definition
  const telemetry = loadTelemetry(
    { name, version, snapshot: () => pipeline?.snapshot() ?? null },
    environment,
    log,
    environment[WORKER] === undefined
  )
  let endHearing = (): void => {}
  try {
    const running = samples === null ? definition : looking(definition)
    pipeline = await start(running, options, {
      mayRead: serving,
      openConnector,
      clock: systemClock,
      log,
      models,
      openRegistry: definition => openRegistry(definition, environment),
      stateFolder: options.stateFolder ?? usualStateFolder(definition.name, environment),
      acceptState: options.acceptState,
      maxRows: options.maxRows,
      samples,
      // Somebody may ask: for the metrics of this process, or of the one that has started it.
      ...(options.port === null && environment[WORKER] === undefined
        ? {}
        : { eventLoop: new EventLoop(planNodes(definition).length) }),
      carriesContext: carriesTraceContext(environment),
      openTracer: telemetry.openTracer,
      ...(options.maxMemory === null
        ? {}
        : { memory: guard(definition, options.maxMemory, processesOf(options, environment), trim) })
    })
    pipeline = await withWorkers(pipeline, options, environment, log)
    endHearing = takeEndOfInput(pipeline)
    const served = await serving
    log.log('info', 'started', {
      pipeline: definition.name,
      version: definition.version,
      ...topicsOf(definition),
      metrics: served.metrics,
      ...(served.postgres === null ? {} : { postgres: served.postgres })
    })
    const ended = Promise.race([signals.first, unread]).then(() => pipeline!.stop())
    await Promise.race([pipeline.done, ended])
    log.log('info', 'stopped', totals(pipeline.snapshot()))
  } finally {
    endGiving()
    endHearing()
    signals.release()
    await telemetry.close()
    await serving.then(
      served => served.close(),
      () => {}
    )
  }
}

/** In the form that shows rows on their way, where it was compiled with one. */
function looking(definition: RunDefinition): RunDefinition {
  const { plan, sql } = definition
  const found = definition.looking?.()
  return found === undefined ? definition : { ...found, plan, sql }
}

/** One that was started by another has been told; that other one has been given their number. */
function processesOf({ workers }: RunOptions, environment: Environment): number {
  return Number(environment[WORKER_COUNT] ?? workers)
}

function guard(
  definition: RunDefinition,
  limit: number,
  processes: number,
  trim: () => boolean
): MemoryGuard {
  const isStored = partsOf(definition).some(({ backend }) => backend === 'lmdb')
  return guardProcess(limit, isStored, processes, trim)
}

/** Starts the other processes, or tells the one that has started this one how it is. */
async function withWorkers(
  pipeline: Pipeline,
  { workers, workerWords }: RunOptions,
  environment: Environment,
  log: Logger
): Promise<Pipeline> {
  const { reportSnapshots, shareWork, startWorkers } = await import('../workers/index.ts')
  if (workers > 1)
    return shareWork(pipeline, startWorkers(workers - 1, workerWords, environment, log))
  if (environment[WORKER] === undefined) return pipeline
  const reported = reportSnapshots(pipeline)
  const stop = async (): Promise<void> => {
    await pipeline.stop()
    reported()
  }
  return { ...pipeline, stop }
}

/** One pipeline, or the parts of one. */
async function start(
  definition: RunDefinition,
  options: RunOptions,
  {
    openConnector,
    ...own
  }: Omit<PipelineOptions, 'connector'> & {
    readonly openConnector: () => Connector
  }
): Promise<Pipeline> {
  const ends = countEnds(definition)
  const adapt = (part: PipelineDefinition): PipelineDefinition => withOptions(part, options, ends)
  if ('fragments' in definition) {
    if (options.rebuildState) await resetTopology(definition, openConnector, adapt)
    return startTopology(definition, { ...own, openConnector, adapt })
  }
  const connector = openConnector()
  const adapted = adapt(definition)
  if (options.rebuildState) await resetState(adapted, connector)
  return startPipeline(adapted, { ...own, connector })
}

/** How many sources and sinks a process may have. */
function countEnds(definition: RunDefinition): number {
  const tasks = 'fragments' in definition ? definition.fragments.map(one => one.tasks) : [1]
  return partsOf(definition).reduce(
    (sum, { sources, sinks }, i) => sum + (sources.length + sinks.length) * tasks[i]!,
    0
  )
}

/** Those of the script, whichever part reads or writes them. */
function topicsOf(definition: RunDefinition): Readonly<Record<'sources' | 'sinks', string>> {
  const parts = partsOf(definition)
  const list = (ends: readonly { readonly topic: string; readonly exchange?: object }[]): string =>
    [...new Set(ends.flatMap(end => (end.exchange === undefined ? [end.topic] : [])))].join(' ')
  return {
    sources: list(parts.flatMap(({ sources }) => sources)),
    sinks: list(parts.flatMap(({ sinks }) => sinks))
  }
}

/** Of a script that runs in several, else the one that it is. */
function partsOf(definition: RunDefinition): readonly PipelineDefinition[] {
  return 'fragments' in definition ? definition.fragments.map(one => one.make()) : [definition]
}

/** As the XDG specification says; null without a home: then a restart reads whole changelogs. */
function usualStateFolder(name: string, environment: Environment): string | null {
  const { XDG_STATE_HOME: state, HOME: home } = environment
  if (state !== undefined && isAbsolute(state)) return join(state, 'miraclec', name)
  return home === undefined ? null : join(home, '.local/state/miraclec', name)
}

function totals({ sources, sinks }: Snapshot): Record<string, number> {
  return {
    consumed: sources.reduce((sum, { records }) => sum + records, 0),
    produced: sinks.reduce((sum, { records }) => sum + records, 0),
    rejected: sources.reduce((sum, { rejected }) => sum + rejected, 0)
  }
}

function withOptions(
  definition: PipelineDefinition,
  { brokers, groupProtocol, rebuildState, skipMissing, maxMemory }: RunOptions,
  ends: number
): PipelineDefinition {
  const own = brokers === null ? {} : { brokers }
  const start = rebuildState ? { autoOffsetReset: 'earliest' as const } : {}
  const skips = skipMissing ? { skipsMissing: true as const } : {}
  const group = groupProtocol === null ? {} : { 'group.protocol': groupProtocol }
  const share = maxMemory === null ? null : shareOfClients(maxMemory, ends)
  return {
    ...definition,
    sources: definition.sources.map(source => ({
      ...source,
      ...own,
      ...start,
      ...skips,
      properties: { ...group, ...share?.source, ...source.properties }
    })),
    sinks: definition.sinks.map(sink => ({
      ...sink,
      ...own,
      properties: { ...share?.sink, ...sink.properties }
    }))
  }
}

async function openModels(
  { models }: Pick<RunDefinition, 'models'>,
  overrides: ReadonlyMap<string, string>
): Promise<ReadonlyMap<string, ModelRunner>> {
  for (const name of overrides.keys()) {
    if (models.some(model => model.name === name)) continue
    const known = models.map(model => model.name).join(', ')
    throw new EnvironmentError(
      `--model: the pipeline has no model "${name}"`,
      `It has: ${known || 'none'}.`
    )
  }
  const opened = new Map<string, ModelRunner>()
  for (const model of models) {
    const { openModel } = await import('../model/model-runner.ts')
    const path = overrides.get(model.name)
    try {
      opened.set(
        model.name,
        await openModel(model, path === undefined ? readModel(model.sha256) : readFileSync(path))
      )
    } catch (error) {
      throw new EnvironmentError(`model "${model.name}": ${(error as Error).message}`)
    }
  }
  return opened
}

/** The exit code, and one line that says what happened; only a bug shows a stack. */
function reportFailure(error: unknown, definition: RunDefinition, log: Logger): number {
  if (error instanceof EnvironmentError) {
    log.log('error', error.message, error.hint === null ? {} : { hint: error.hint })
    return 3
  }
  if (error instanceof StoppedByRecord) {
    log.log('error', `stopped by a record: ${error.message}`, {
      hint: 'Its ON ERROR says so. Nothing from its batch on is committed: change the script or skip the record, then start again.'
    })
    return 1
  }
  if (error instanceof WorkerEnded) return error.exitCode
  log.log('error', 'internal error: this is a bug in miraclec', {
    stack: describeBug(error, definition)
  })
  return 4
}
