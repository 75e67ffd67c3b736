import type { Attributes, HrTime } from '@opentelemetry/api'
import { ValueType } from '@opentelemetry/api'
import { AggregationTemporality, DataPointType, type MetricData } from '@opentelemetry/sdk-metrics'
import type { MetricFamily, MetricSample } from '../observe/metric-family.ts'
import type { Snapshot } from '../observe/snapshot.ts'
import { ATTRIBUTES, SYSTEM } from './messaging.ts'

/** Metrics for which OpenTelemetry's conventions have a name; all others keep the one that they have for Prometheus. */
interface Convention {
  readonly name: string
  readonly unit: string
  readonly description: string
  attributes(labels: MetricSample['labels'], snapshot: Snapshot): Attributes
}

const conventions: Readonly<Record<string, Convention>> = {
  miraclec_source_records_total: {
    name: 'messaging.client.consumed.messages',
    unit: '{message}',
    description: 'Number of messages that were delivered to the application.',
    attributes: ({ source, topic }, { sources }) => ({
      [ATTRIBUTES.system]: SYSTEM,
      [ATTRIBUTES.operation]: 'poll',
      [ATTRIBUTES.destination]: topic,
      [ATTRIBUTES.group]: sources.find(({ name }) => name === source)?.group,
      [ATTRIBUTES.source]: source
    })
  },
  miraclec_sink_records_total: {
    name: 'messaging.client.sent.messages',
    unit: '{message}',
    description: 'Number of messages producer attempted to send to the broker.',
    attributes: ({ sink, topic }) => ({
      [ATTRIBUTES.system]: SYSTEM,
      [ATTRIBUTES.operation]: 'send',
      [ATTRIBUTES.destination]: topic,
      [ATTRIBUTES.sink]: sink
    })
  }
}

/** The metrics of a snapshot as OTLP has them: counted since the pipeline's start, as Prometheus gets them. */
export function metricData(families: readonly MetricFamily[], snapshot: Snapshot): MetricData[] {
  const startTime = timeOf(snapshot.started)
  const endTime = timeOf(snapshot.now)
  return families.map((family): MetricData => {
    const convention = conventions[family.name]
    const point = <T>(labels: MetricSample['labels'], value: T) => ({
      ...{ startTime, endTime, value },
      attributes: convention?.attributes(labels, snapshot) ?? labels
    })
    const shared = {
      descriptor: {
        name: convention?.name ?? family.name,
        description: convention?.description ?? family.help,
        unit: convention?.unit ?? unitOf(family.name),
        valueType: ValueType.DOUBLE
      },
      aggregationTemporality: AggregationTemporality.CUMULATIVE
    }
    if (family.type === 'histogram') {
      const dataPoints = histogramsOf(family).map(({ labels, histogram }) =>
        point(labels, histogram)
      )
      return { ...shared, dataPointType: DataPointType.HISTOGRAM, dataPoints }
    }
    const dataPoints = family.values.map(({ labels, value }) => point(labels, value))
    if (family.type === 'gauge') {
      return { ...shared, dataPointType: DataPointType.GAUGE, dataPoints }
    }
    return { ...shared, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
  })
}

function timeOf(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000)
  return [seconds, (ms - seconds * 1000) * 1_000_000]
}

/** As Prometheus' names have it, so that one made of the other is the same again. */
function unitOf(name: string): string {
  const base = name.replace(/_total$/, '')
  if (base.endsWith('_seconds')) return 's'
  return base.endsWith('_bytes') ? 'By' : ''
}

interface LabelledHistogram {
  readonly labels: MetricSample['labels']
  readonly histogram: {
    readonly buckets: { readonly boundaries: number[]; readonly counts: number[] }
    sum: number
    count: number
  }
}

/** Prometheus' buckets hold all values up to their bound, OTLP's those above the bound before. */
function histogramsOf({ name, values }: MetricFamily): LabelledHistogram[] {
  const found = new Map<string, LabelledHistogram>()
  for (const { metricName, labels: all, value } of values) {
    const { le, ...labels } = all
    const key = JSON.stringify(labels)
    const one = found.get(key) ?? {
      labels,
      histogram: { buckets: { boundaries: [], counts: [] }, sum: 0, count: 0 }
    }
    found.set(key, one)
    const { histogram } = one
    if (metricName === `${name}_sum`) histogram.sum = value
    else if (metricName === `${name}_count`) histogram.count = value
    else {
      const { boundaries, counts } = histogram.buckets
      counts.push(value - counts.reduce((sum, count) => sum + count, 0))
      if (le !== '+Inf') boundaries.push(Number(le))
    }
  }
  return [...found.values()]
}
