import { collectDefaultMetrics, type Metric, Registry } from 'prom-client'
import type { MetricFamily } from '../observe/metric-family.ts'
import type { Exporter } from '../observe/watch-part.ts'
import { describeMetrics } from './describe-metrics.ts'

/**
 * Snapshots as metrics, and those of the process itself. Loaded when somebody first asks: what the process shows of its event
 * loop is counted from then on.
 */
export function makeExporter(): Exporter {
  const own = new Registry()
  collectDefaultMetrics({ register: own })
  const highest = new Map<string, number>()
  return {
    type: own.contentType,
    async render(snapshot) {
      const registry = new Registry()
      for (const family of describeMetrics(snapshot, highest))
        registry.registerMetric(asMetric(family))
      return `${await registry.metrics()}\n${await own.metrics()}`
    },
    async families(snapshot) {
      return [...describeMetrics(snapshot, highest), ...(await familiesOf(own))]
    }
  }
}

/** Of prom-client's metrics only what a registry asks of them: the counting is done elsewhere, per batch. */
function asMetric(family: MetricFamily): Metric {
  return { ...family, get: async () => family } as unknown as Metric
}

async function familiesOf(registry: Registry): Promise<readonly MetricFamily[]> {
  return (await registry.getMetricsAsJSON()) as unknown as readonly MetricFamily[]
}
