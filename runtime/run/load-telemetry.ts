import { loadPart } from '../native/index.ts'
import type { Logger } from '../observe/log.ts'
import {
  type Environment,
  type ObservedPipeline,
  type Telemetry,
  type TelemetryPart,
  wantsTelemetry
} from '../observe/telemetry-part.ts'
import type { Exporter } from '../observe/watch-part.ts'
import { loadWatch } from './load-watch.ts'

const none: Telemetry = { openTracer: null, close: async () => {} }

/** What sends traces and metrics to OpenTelemetry's receivers: nothing is loaded where the environment names none. */
export function loadTelemetry(
  observed: Omit<ObservedPipeline, 'families'>,
  environment: Environment,
  log: Logger,
  /** Of several processes one shows the metrics of all. */
  showsMetrics: boolean
): Telemetry {
  if (!wantsTelemetry(environment)) return none
  const { openTelemetry } = loadPart<TelemetryPart>('telemetry.cjs')
  let exporter: Exporter | null = null
  const families: ObservedPipeline['families'] = snapshot =>
    (exporter ??= loadWatch().makeExporter()).families(snapshot)
  return openTelemetry({ ...observed, families: showsMetrics ? families : null }, environment, log)
}
