/** Metrics of one name, as prom-client has them too. */
export interface MetricFamily {
  readonly name: string
  readonly help: string
  readonly type: 'gauge' | 'counter' | 'histogram'
  readonly values: readonly MetricSample[]
}

export interface MetricSample {
  /** Of a histogram: the family's name with `_bucket`, `_sum` or `_count` behind it. */
  readonly metricName?: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
}
