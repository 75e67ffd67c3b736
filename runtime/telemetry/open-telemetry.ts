import { diag, DiagLogLevel } from '@opentelemetry/api'
import { setGlobalErrorHandler } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { Logger } from '../observe/log.ts'
import type { Environment, ObservedPipeline, Telemetry } from '../observe/telemetry-part.ts'
import { Agents } from './agents.ts'
import { openMetricExporter, openTraceExporter } from './exporters.ts'
import { SCOPE } from './messaging.ts'
import { metricData } from './metric-data.ts'
import { makePipelineTracer } from './pipeline-tracer.ts'
import { resourceOf } from './resource.ts'
import { makeSampler } from './sampler.ts'
import { readSettings, type TelemetrySettings } from './settings.ts'

/** How long the end of a pipeline waits for a receiver, in ms. */
const CLOSE_TIMEOUT = 3000

/** Sends traces and metrics by OTLP, as OpenTelemetry's variables say. What is wrong with them is logged, and stops nothing. */
export function openTelemetry(
  observed: ObservedPipeline,
  environment: Environment,
  log: Logger
): Telemetry {
  takeReports(log)
  const { problems, traces, metrics } = readSettings(environment)
  const agents = new Agents(environment)
  const resource = resourceOf(observed)
  const tracing = traces === null ? null : openTraces(traces, resource, agents, log)
  const meters =
    metrics === null || observed.families === null
      ? null
      : openMetrics(metrics, observed, observed.families, resource, agents, log)
  for (const [variable, problem] of [...problems, ...agents.problems])
    log.log('warn', `${variable} ${problem}`)
  log.log('info', 'OpenTelemetry', {
    traces: tracing === null ? 'none' : traces!.address,
    metrics: meters === null ? 'none' : metrics!.address
  })
  return {
    openTracer:
      tracing &&
      (() => makePipelineTracer(tracing.getTracer(SCOPE, observed.version), traces!.linkLimit)),
    async close() {
      const closed = Promise.allSettled([tracing?.shutdown(), meters?.shutdown()])
      const late = Promise.withResolvers<undefined>()
      const timer = setTimeout(() => late.resolve(undefined), CLOSE_TIMEOUT)
      await Promise.race([closed, late.promise])
      clearTimeout(timer)
      agents.destroy()
    }
  }
}

function openTraces(
  settings: NonNullable<TelemetrySettings['traces']>,
  resource: Resource,
  agents: Agents,
  log: Logger
): TracerProvider {
  const { protocol, sampler, linkLimit } = settings
  return new TracerProvider({
    resource,
    sampler: makeSampler(sampler),
    spanLimits: { linkCountLimit: linkLimit },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: openTraceExporter(protocol, agents, log),
        maxQueueSize: settings.queueSize,
        maxExportBatchSize: settings.batchSize,
        scheduledDelayMillis: settings.scheduleDelay,
        exportTimeoutMillis: settings.exportTimeout
      })
    ]
  })
}

function openMetrics(
  { protocol, interval, timeout }: NonNullable<TelemetrySettings['metrics']>,
  { snapshot, version }: ObservedPipeline,
  families: NonNullable<ObservedPipeline['families']>,
  resource: Resource,
  agents: Agents,
  log: Logger
): MeterProvider {
  const scope = { name: SCOPE, version }
  const collect = async () => {
    const now = snapshot()
    const metrics = now === null ? [] : metricData(await families(now), now)
    const scopeMetrics = metrics.length === 0 ? [] : [{ scope, metrics }]
    return { resourceMetrics: { resource, scopeMetrics }, errors: [] }
  }
  const reader = new PeriodicExportingMetricReader({
    exporter: openMetricExporter(protocol, agents, log),
    exportIntervalMillis: interval,
    exportTimeoutMillis: timeout,
    metricProducers: [{ collect }]
  })
  return new MeterProvider({ resource, readers: [reader] })
}

/** What the library has to say goes to the pipeline's log, without what it would say it about. */
function takeReports(log: Logger): void {
  const warn = (message: string): void => log.limited('warn', 'OpenTelemetry', { message })
  const quiet = (): void => {}
  const logger = { error: warn, warn, info: quiet, debug: quiet, verbose: quiet }
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  setGlobalErrorHandler(error =>
    warn(error instanceof Error ? error.message : 'something was not sent')
  )
}
