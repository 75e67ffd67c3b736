import { setImmediate as turn } from 'node:timers/promises'
import { makeKafkaConnector } from '../connect/kafka/index.ts'
import { printTo, withPrinter } from '../connect/stdout/index.ts'
import type { Connector, ModelRunner, PipelineDefinition } from '../contract/index.ts'
import { giveBack, guardProcess, limitHeap, type MemoryGuard } from '../memory/index.ts'
import { loadTrimMemory, readShipped } from '../native/index.ts'
import { type Logger, makeLogger } from '../observe/log.ts'
import type { Snapshot } from '../observe/snapshot.ts'
import { openRegistry } from '../registry/index.ts'
import { EventLoop } from '../observe/event-loop.ts'
import { planNodes } from '../observe/operators.ts'
import { RecordSamples } from '../observe/record-samples.ts'
import { resetTopology, startTopology } from '../topology/index.ts'
import { systemClock } from '../time/clock.ts'
import { WORKER, WORKER_COUNT } from '../workers/worker.ts'
import { carriesTraceContext } from '../pipeline/carry-context.ts'
import { helpText, parseCommandLine, type RunOptions } from '../pipeline/command-line.ts'
import { takeEndOfInput } from './end-of-input.ts'
import { findToken } from '../pipeline/find-token.ts'
import { loadTelemetry } from './load-telemetry.ts'
import { loadWatch } from './load-watch.ts'
import { reach } from '../pipeline/reach.ts'
import { serve } from './serve.ts'
import { resetState } from '../pipeline/reset-state.ts'
import { runReplay } from './run-replay.ts'
import { askAnalysis, askHealth, askStatus } from '../pipeline/local-client.ts'
import { dryRun } from './dry-run-pipeline.ts'
import { openModels } from './open-models.ts'
import { reportFailure } from './report-failure.ts'
import {
  countEnds,
  isOneProcess,
  keepsState,
  looking,
  partsOf,
  type RunDefinition,
  topicsOf,
  withOptions
} from './run-definition.ts'
import { type Pipeline, startPipeline } from '../pipeline/start-pipeline.ts'
import type { PipelineOptions } from '../pipeline/pipeline-options.ts'
import { usualStateFolder } from './state-folder.ts'
import { takeSignals } from './take-signals.ts'

/** How often is told what the log has left out, in ms. */
const TELL_REST = 5000

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

function totals({ sources, sinks }: Snapshot): Record<string, number> {
  return {
    consumed: sources.reduce((sum, { records }) => sum + records, 0),
    produced: sinks.reduce((sum, { records }) => sum + records, 0),
    rejected: sources.reduce((sum, { rejected }) => sum + rejected, 0)
  }
}
