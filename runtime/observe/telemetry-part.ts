import type { Logger } from './log.ts'
import type { MetricFamily } from './metric-family.ts'
import type { Snapshot } from './snapshot.ts'
import type { WorkTracer } from './work-tracer.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** What the part for OpenTelemetry exports: it is loaded where the environment asks for it. */
export interface TelemetryPart {
  openTelemetry(observed: ObservedPipeline, environment: Environment, log: Logger): Telemetry
}

export interface ObservedPipeline {
  readonly name: string
  readonly version: string
  /** How it is now; null: it has not started yet. */
  snapshot(): Snapshot | null
  /** What a snapshot says, and the process, as metrics; null: another process shows them. */
  readonly families: ((snapshot: Snapshot) => Promise<readonly MetricFamily[]>) | null
}

export interface Telemetry {
  /** One for each pipeline of the process; null: nobody wants traces. */
  readonly openTracer: (() => WorkTracer) | null
  /** Sends what is left, but waits a short time only for who takes it. */
  close(): Promise<void>
}

const ENDPOINTS = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT'
]

/** Whether OpenTelemetry's variables say where something is to be sent to. */
export function wantsTelemetry(environment: Environment): boolean {
  if (environment['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return false
  return ENDPOINTS.some(name => (environment[name] ?? '').trim() !== '')
}
