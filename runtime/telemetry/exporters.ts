import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import type { PushMetricExporter } from '@opentelemetry/sdk-metrics'
import type { SpanExporter } from '@opentelemetry/sdk-trace'
import type { Logger } from '../observe/log.ts'
import type { Agents } from './agents.ts'
import type { Protocol } from './settings.ts'

/** Endpoints, headers, time-outs and compression are read from the environment by the exporters themselves. */
export function openTraceExporter(protocol: Protocol, agents: Agents, log: Logger): SpanExporter {
  const options = { httpAgentOptions: agents.open('TRACES') }
  const exporter =
    protocol === 'http/json' ? new JsonTraceExporter(options) : new OTLPTraceExporter(options)
  return reportsFailures(exporter, 'traces', log)
}

export function openMetricExporter(
  protocol: Protocol,
  agents: Agents,
  log: Logger
): PushMetricExporter {
  const options = { httpAgentOptions: agents.open('METRICS') }
  const exporter =
    protocol === 'http/json' ? new JsonMetricExporter(options) : new OTLPMetricExporter(options)
  return reportsFailures(exporter, 'metrics', log)
}

interface Exporter<Items> {
  export(items: Items, done: (result: ExportResult) => void): void
}

/** What is not sent is told in the log, now and then, and nowhere else: the pipeline goes on. */
function reportsFailures<Items, E extends Exporter<Items>>(
  exporter: E,
  signal: string,
  log: Logger
): E {
  const send = exporter.export.bind(exporter)
  exporter.export = (items, done) =>
    send(items, ({ code, error }) => {
      if (code !== ExportResultCode.SUCCESS)
        log.limited('warn', `${signal} are not sent to OpenTelemetry's receiver`, {
          reason: error === undefined ? 'no answer' : reasonOf(error)
        })
      done({ code: ExportResultCode.SUCCESS })
    })
  return exporter
}

/** Never what the receiver answered: some tell all that they were sent. */
function reasonOf(error: Error & { readonly code?: unknown }): string {
  // Of an address with several numbers all of which failed.
  const [first] = error instanceof AggregateError ? (error.errors as Error[]) : []
  const { message } = first ?? error
  return typeof error.code === 'number' ? `HTTP ${error.code} ${message}`.trim() : message
}
