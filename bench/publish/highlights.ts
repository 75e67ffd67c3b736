/** A figure of a case, by their names. */
export interface FigureName {
  readonly case: string
  readonly figure: string
}

/** A line of the table in the README; with several figures it is enough that one of them reaches its bar. */
export interface Highlight {
  readonly what: string
  readonly figures: readonly FigureName[]
}

export interface Panel {
  readonly title: string
  readonly case: string
  /** Of each program. */
  readonly column: string
}

const OURS = 'miraclec'

function inCase(
  name: string,
  figures: Readonly<Record<string, string | readonly string[]>>
): Highlight[] {
  return Object.entries(figures).map(([what, found]) => ({
    what,
    figures: [found].flat().map(figure => ({ case: name, figure }))
  }))
}

export const highlights: readonly Highlight[] = [
  ...inCase('job-a-121b', {
    'filter and CASE, 121 B: CPU, of Flink SQL': `${OURS} / Flink SQL: CPU, warm`,
    '... of Kafka Streams': `${OURS} / Kafka Streams: CPU, warm`,
    '... of Go by hand': `${OURS} / Go, hand-tuned: CPU, warm`,
    '... memory, of Kafka Streams': `${OURS} / Kafka Streams: peak memory`
  }),
  ...inCase('job-a-121b-node', {
    '... CPU, of the best client in Node': [
      `${OURS} / Node, platformatic: CPU, warm`,
      `${OURS} / Node, librdkafka: CPU, warm`
    ]
  }),
  ...inCase('job-a-1kb', {
    'filter and CASE, 1 KB: CPU, of Go by hand': `${OURS} / Go, hand-tuned: CPU, warm`
  }),
  ...inCase('job-b-1k-keys', {
    'windows by 1,000 keys: CPU, of Flink SQL': `${OURS} / Flink SQL: CPU, warm`,
    '... of Kafka Streams': `${OURS} / Kafka Streams: CPU, warm`
  }),
  ...inCase('start', {
    'first output after exec, of Kafka Streams': `${OURS} / Kafka Streams: exec to first output`
  }),
  ...inCase('ingestion', {
    'reading 1 KB on one core': [
      '1 KB: miraclec',
      '1 KB: miraclec / kcat',
      '1 KB: miraclec / kcat, by the clock'
    ],
    'reading 10 KB on one core': [
      '10 KB: miraclec',
      '10 KB: miraclec / kcat',
      '10 KB: miraclec / kcat, by the clock'
    ]
  }),
  ...inCase('changes-out', {
    'changes of a table out, 1 KB, on one core': [
      'none: miraclec',
      'none: miraclec / ProducerPerformance'
    ],
    '... with snappy': ['snappy: miraclec', 'snappy: miraclec / ProducerPerformance']
  }),
  ...inCase('latency', {
    'latency at 20 % load, at least once, p99': 'at least once: p99',
    '... exactly once, p99': 'exactly once: p99'
  }),
  ...inCase('exactly-once', {
    'exactly once, CPU, of at least once: filter and CASE':
      'filter, CASE: exactly / at least once: CPU, warm',
    '... windows': 'windows: exactly / at least once: CPU, warm'
  }),
  ...inCase('steady', {
    'optimised code taken back, warm: filter and CASE': 'filter, CASE: deoptimisations',
    '... bytes on V8’s heap for each record': 'filter, CASE: ... for each record'
  }),
  ...inCase('compile', {
    'compiling 50 lines to a bundle': '50 lines to a bundle'
  })
]

export const panels: readonly Panel[] = [
  {
    case: 'job-a-121b',
    column: 'CPU, warm',
    title: 'Filter, CASE, 4 columns; JSON of 121 bytes: CPU-seconds per million records'
  },
  {
    case: 'job-a-121b-node',
    column: 'CPU, warm',
    title: 'The same beside Node: CPU-seconds per million records'
  },
  {
    case: 'job-b-1k-keys',
    column: 'CPU, warm',
    title: '1-minute windows, 5 aggregates by 1,000 keys: CPU-seconds per million records'
  },
  { case: 'job-a-121b', column: 'peak memory', title: 'Filter, CASE: peak memory, MB' }
]
