import type { HistogramSnapshot } from '../observe/histogram.ts'
import type { MetricFamily, MetricSample } from '../observe/metric-family.ts'
import type { PartitionSnapshot, Snapshot, SourceSnapshot } from '../observe/snapshot.ts'

/** A family while its samples are collected. */
class Family implements MetricFamily {
  readonly name: string
  readonly help: string
  readonly type: MetricFamily['type']
  readonly values: MetricSample[] = []

  constructor(name: string, help: string, type: MetricFamily['type']) {
    this.name = name
    this.help = help
    this.type = type
  }
}

type Labels = MetricSample['labels']
type Series = readonly (readonly [labels: Labels, value: number | null])[]

/**
 * What a snapshot says, as metrics: the one place that names them. Names and labels as Prometheus' guide has them: base units, `_total`
 * for what only grows. `highest` remembers what each counter has shown.
 */
export function describeMetrics(snapshot: Snapshot, highest: Map<string, number>): MetricFamily[] {
  const gauge = (name: string, help: string, series: Series): Family =>
    fill(new Family(`miraclec_${name}`, help, 'gauge'), series)
  // Counts go back with the pipeline to its last commit; to Prometheus that would look like a restart, with all counted anew.
  const counter = (name: string, help: string, series: Series): Family => {
    const full = `miraclec_${name}`
    const grown = series.map(([labels, value]): Series[number] => {
      const key = JSON.stringify([full, labels])
      const most = Math.max(value ?? 0, highest.get(key) ?? 0)
      highest.set(key, most)
      return [labels, most]
    })
    return fill(new Family(full, help, 'counter'), grown)
  }
  const histogram = (
    name: string,
    help: string,
    series: readonly (readonly [Labels, HistogramSnapshot])[]
  ): Family => fillHistogram(new Family(`miraclec_${name}`, help, 'histogram'), series)
  return [
    ...describeProcess(snapshot, { gauge, counter, histogram }),
    ...describeSources(snapshot, { gauge, counter, histogram }),
    ...describeSinks(snapshot, { gauge, counter, histogram }),
    ...describeState(snapshot, { gauge, counter, histogram }),
    ...describeModels(snapshot, { gauge, counter, histogram })
  ]
}

interface Makers {
  gauge(name: string, help: string, series: Series): Family
  counter(name: string, help: string, series: Series): Family
  histogram(
    name: string,
    help: string,
    series: readonly (readonly [Labels, HistogramSnapshot])[]
  ): Family
}

function describeProcess(snapshot: Snapshot, { gauge, counter, histogram }: Makers): Family[] {
  const { pipeline, version, isReady, commits, checkpoints, errors, deadLetters } = snapshot
  const place = (line: number, column: number): string => `${line}:${column}`
  return [
    gauge('build_info', 'The pipeline, and the version of its script and compiler.', [
      [{ pipeline, version }, 1]
    ]),
    gauge('ready', '1 when every source has its partitions and every client its brokers.', [
      [{}, Number(isReady)]
    ]),
    counter(
      'errors_total',
      'Records that could not be used, by code and position in the SQL.',
      errors.map(({ of, side, code, count, place: at, line }) => [
        { of, side, code, position: at === null ? String(line) : place(at.line, at.column) },
        count
      ])
    ),
    counter(
      'dead_letter_records_total',
      'Records that went to a dead-letter topic.',
      deadLetters.map(({ topic, records }) => [{ topic }, records])
    ),
    histogram('commit_duration_seconds', 'Barriers: flush and commit.', [[{}, commits.durations]]),
    counter('commit_failures_total', 'Barriers whose commit failed.', [[{}, commits.failures]]),
    counter('rollbacks_total', 'How often the pipeline went back to its last commit.', [
      [{}, snapshot.returns]
    ]),
    histogram('checkpoint_duration_seconds', 'Checkpoints written to the local disk.', [
      [{}, checkpoints.durations]
    ]),
    counter('checkpoint_failures_total', 'Checkpoints that could not be written.', [
      [{}, checkpoints.failures]
    ]),
    counter('telling_seconds_total', 'Time spent on telling what windows and groups became.', [
      [{}, snapshot.tellingSeconds]
    ]),
    ...describeMemory(snapshot, { gauge, counter }),
    ...describeEventLoops(snapshot, { gauge, counter })
  ]
}

/** Of all processes: what prom-client shows is of the first one only. */
function describeEventLoops(
  { processes }: Snapshot,
  { gauge, counter }: Pick<Makers, 'gauge' | 'counter'>
): Family[] {
  return [
    gauge(
      'event_loop_delay_seconds',
      'How late the event loop of a process gets to things, in the last 10 to 20 seconds.',
      processes.flatMap(({ process, delay }): Series => [
        [{ process, quantile: '0.5' }, delay.median],
        [{ process, quantile: '0.99' }, delay.p99]
      ])
    ),
    counter(
      'event_loop_busy_seconds_total',
      'For how long the event loop of a process has worked.',
      processes.map(({ process, busySeconds }) => [{ process }, busySeconds])
    )
  ]
}

/** There is something to say where there is a limit. */
function describeMemory(
  { memory }: Snapshot,
  { gauge, counter }: Pick<Makers, 'gauge' | 'counter'>
): Family[] {
  const of = (value: (one: Snapshot['memory'][number]) => number): Series =>
    memory.map(one => [{ process: one.process }, value(one)])
  return [
    gauge(
      'memory_limit_bytes',
      'What a process may use.',
      of(({ limit }) => limit)
    ),
    gauge(
      'memory_used_bytes',
      'What it uses.',
      of(({ used }) => used)
    ),
    counter(
      'memory_paused_seconds_total',
      'For how long nothing was read because memory was scarce.',
      of(({ pausedSeconds }) => pausedSeconds)
    )
  ]
}

function describeSources(
  { sources, now }: Snapshot,
  { gauge, counter, histogram }: Makers
): Family[] {
  const label = ({ name, topic }: SourceSnapshot): Labels => ({ source: name, topic })
  const all = (value: (source: SourceSnapshot) => number | null): Series =>
    sources.map(source => [label(source), value(source)])
  const byPartition = (value: (partition: PartitionSnapshot) => number | null): Series =>
    sources.flatMap(source =>
      source.partitions.map((one): Series[number] => [
        { ...label(source), partition: one.partition },
        value(one)
      ])
    )
  const behind = (time: number | null): number | null =>
    time === null ? null : (now - time) / 1000
  return [
    gauge(
      'source_up',
      '1 while a broker answers.',
      all(({ status }) => Number(status !== 'disconnected'))
    ),
    counter(
      'source_records_total',
      'Records consumed.',
      all(source => source.records)
    ),
    counter(
      'source_bytes_total',
      'Bytes of keys and values consumed.',
      all(source => source.bytes)
    ),
    counter(
      'source_rejected_records_total',
      'Records that could not be used.',
      all(source => source.rejected)
    ),
    counter(
      'source_missing_records_total',
      'Records that were deleted before they were read, and that the pipeline has gone on without.',
      all(source => source.missing)
    ),
    counter(
      'source_late_records_total',
      'Rows whose window had closed.',
      all(source => source.late)
    ),
    gauge(
      'source_lag_records',
      'Records in a partition that are not consumed yet.',
      byPartition(({ lag }) => lag)
    ),
    gauge(
      'source_offset',
      'The next offset to consume.',
      byPartition(({ offset }) => offset)
    ),
    gauge(
      'source_watermark_delay_seconds',
      'How far the watermark of a partition is behind the clock.',
      byPartition(({ watermark }) => behind(watermark))
    ),
    gauge(
      'source_last_record_timestamp_seconds',
      'The time stamp of the record consumed last.',
      all(({ lastTimestamp }) => lastTimestamp && lastTimestamp / 1000)
    ),
    counter(
      'source_processing_seconds_total',
      'Time from decoding records to the writers, models included.',
      all(source => source.busySeconds)
    ),
    histogram(
      'source_batch_records',
      'Records of a batch.',
      sources.map(source => [label(source), source.batches])
    )
  ]
}

function describeSinks({ sinks }: Snapshot, { gauge, counter, histogram }: Makers): Family[] {
  type Sink = Snapshot['sinks'][number]
  const label = ({ name, topic }: Sink): Labels => ({ sink: name, topic })
  const all = (value: (sink: Sink) => number | null): Series =>
    sinks.map(sink => [label(sink), value(sink)])
  return [
    gauge(
      'sink_up',
      '1 while a broker answers.',
      all(({ status }) => Number(status === 'running'))
    ),
    counter(
      'sink_records_total',
      'Records produced.',
      all(sink => sink.records)
    ),
    counter(
      'sink_bytes_total',
      'Bytes of keys and values produced, before compression.',
      all(sink => sink.bytes)
    ),
    counter(
      'sink_refused_records_total',
      'Records that the brokers refused.',
      all(sink => sink.refused)
    ),
    counter(
      'sink_send_seconds_total',
      'Time that clients took to take records over: they wait where brokers are slower.',
      all(sink => sink.busySeconds)
    ),
    gauge(
      'sink_compression_ratio',
      'Compressed bytes by bytes before.',
      all(sink => sink.compressionRatio)
    ),
    histogram(
      'sink_batch_records',
      'Records of a batch.',
      sinks.map(sink => [label(sink), sink.batches])
    ),
    histogram(
      'end_to_end_latency_seconds',
      "From an input record's time stamp to the acknowledgement of what came of it, as barriers find it; some records of a batch stand for all.",
      sinks.map(sink => [label(sink), sink.latency])
    )
  ]
}

function describeState({ states }: Snapshot, { gauge }: Makers): Family[] {
  return [
    gauge(
      'state_rows',
      'Rows of a table, groups of a GROUP BY, rows that a join keeps.',
      states.map(({ name, kind, rows }) => [{ state: name, kind }, rows])
    ),
    gauge(
      'state_bytes',
      'What they take in their changelog, estimated by the mean of the rows written.',
      states.map(({ name, kind, bytes }) => [{ state: name, kind }, bytes])
    )
  ]
}

function describeModels({ models }: Snapshot, { counter, histogram }: Makers): Family[] {
  return [
    counter(
      'model_rows_total',
      'Rows that a model was asked for.',
      models.map(({ name, rows }) => [{ model: name }, rows])
    ),
    counter(
      'model_failures_total',
      'Rows for which a model failed.',
      models.map(({ name, failures }) => [{ model: name }, failures])
    ),
    histogram(
      'model_duration_seconds',
      'How long a model took for the rows of a batch.',
      models.map(({ name, durations }) => [{ model: name }, durations])
    )
  ]
}

/** What is not known has no sample. */
function fill(family: Family, series: Series): Family {
  for (const [labels, value] of series) {
    if (value !== null) family.values.push({ metricName: family.name, labels, value })
  }
  return family
}

/** Prometheus' buckets hold all values up to their bound, those of lower buckets too. */
function fillHistogram(
  family: Family,
  series: readonly (readonly [Labels, HistogramSnapshot])[]
): Family {
  const { name, values } = family
  for (const [labels, { bounds, counts, sum }] of series) {
    let count = 0
    counts.forEach((inside, bucket) => {
      count += inside
      const le = bounds[bucket] ?? '+Inf'
      values.push({ metricName: `${name}_bucket`, labels: { ...labels, le }, value: count })
    })
    values.push({ metricName: `${name}_sum`, labels, value: sum })
    values.push({ metricName: `${name}_count`, labels, value: count })
  }
  return family
}
