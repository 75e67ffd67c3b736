import type { Environment } from '../observe/telemetry-part.ts'

/** Problems name variables, never their values: these may hold tokens. */
export type Problem = readonly [variable: string, problem: string]

export type Protocol = 'http/protobuf' | 'http/json'

/** Where one signal goes, and how. */
export interface SignalSettings {
  /** Without user and password, for the log. */
  readonly address: string
  readonly protocol: Protocol
}

export interface TelemetrySettings {
  /** Null: none are sent. */
  readonly traces: (SignalSettings & TraceSettings) | null
  readonly metrics: (SignalSettings & MetricSettings) | null
  readonly problems: readonly Problem[]
}

export interface TraceSettings {
  readonly sampler: { readonly name: SamplerName; readonly ratio: number }
  readonly scheduleDelay: number
  readonly exportTimeout: number
  readonly queueSize: number
  readonly batchSize: number
  readonly linkLimit: number
}

export interface MetricSettings {
  readonly interval: number
  readonly timeout: number
}

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio'
] as const
export type SamplerName = (typeof samplers)[number]

const protocols: readonly Protocol[] = ['http/protobuf', 'http/json']

/** OpenTelemetry's variables: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
export function readSettings(environment: Environment): TelemetrySettings {
  const reader = new Reader(environment)
  const traces = reader.signal('TRACES', 'v1/traces')
  const metrics = reader.signal('METRICS', 'v1/metrics')
  return {
    traces: traces && { ...traces, ...readTraceSettings(reader) },
    metrics: metrics && { ...metrics, ...readMetricSettings(reader) },
    problems: reader.problems
  }
}

function readTraceSettings(reader: Reader): TraceSettings {
  const queueSize = reader.count('OTEL_BSP_MAX_QUEUE_SIZE', 2048)
  const batchSize = reader.count('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 512)
  if (batchSize > queueSize)
    reader.complain('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', 'is more than fits into the queue')
  return {
    sampler: reader.sampler(),
    scheduleDelay: reader.count('OTEL_BSP_SCHEDULE_DELAY', 5000),
    exportTimeout: reader.count('OTEL_BSP_EXPORT_TIMEOUT', 30_000),
    queueSize,
    batchSize: Math.min(batchSize, queueSize),
    linkLimit: reader.count('OTEL_SPAN_LINK_COUNT_LIMIT', 128)
  }
}

function readMetricSettings(reader: Reader): MetricSettings {
  const interval = reader.count('OTEL_METRIC_EXPORT_INTERVAL', 60_000)
  const temporality = reader.text('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE')
  if (temporality !== null && temporality.toLowerCase() !== 'cumulative')
    reader.complain(
      'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
      'is not "cumulative": counts are sent since the start of the pipeline all the same'
    )
  return {
    interval,
    timeout: Math.min(interval, reader.count('OTEL_METRIC_EXPORT_TIMEOUT', 30_000))
  }
}

type Signal = 'TRACES' | 'METRICS'

class Reader {
  readonly problems: Problem[] = []
  readonly #environment: Environment

  constructor(environment: Environment) {
    this.#environment = environment
  }

  complain(variable: string, problem: string): void {
    // What both signals read is told once, unless it means something else for each.
    const isTold = this.problems.some(([name, told]) => name === variable && told === problem)
    if (!isTold) this.problems.push([variable, problem])
  }

  /** Empty is as not set, says the specification. */
  text(name: string): string | null {
    const value = this.#environment[name]?.trim() ?? ''
    return value === '' ? null : value
  }

  count(name: string, usual: number): number {
    const text = this.text(name)
    if (text === null) return usual
    const value = Number(text)
    // Timers take no more than 2^31 - 1 ms.
    if (Number.isInteger(value) && value > 0 && value < 2 ** 31) return value
    this.complain(name, `is no whole number above 0: ${usual} is used`)
    return usual
  }

  sampler(): TraceSettings['sampler'] {
    const variable = 'OTEL_TRACES_SAMPLER'
    const text = this.text(variable) ?? 'parentbased_always_on'
    const name = samplers.find(known => known === text)
    if (name === undefined)
      this.complain(variable, `is none of ${samplers.join(', ')}: all traces are sampled`)
    const isRatio = name?.endsWith('traceidratio') === true
    return { name: name ?? 'parentbased_always_on', ratio: isRatio ? this.#ratio() : 1 }
  }

  #ratio(): number {
    const variable = 'OTEL_TRACES_SAMPLER_ARG'
    const text = this.text(variable)
    if (text === null) return 1
    const ratio = Number(text)
    if (ratio >= 0 && ratio <= 1) return ratio
    this.complain(variable, 'is no number from 0 to 1: all traces are sampled')
    return 1
  }

  /** Null: nobody wants it, or a setting keeps it from being sent. */
  signal(signal: Signal, path: string): SignalSettings | null {
    if (!this.#isWanted(signal)) return null
    const address = this.#address(signal, path)
    const protocol = this.#protocol(signal)
    this.#checkHeaders(signal)
    return address === null || protocol === null ? null : { address, protocol }
  }

  #isWanted(signal: Signal): boolean {
    const variable = `OTEL_${signal}_EXPORTER`
    const exporter = this.text(variable) ?? 'otlp'
    if (exporter === 'otlp') return true
    if (exporter !== 'none')
      this.complain(variable, `is neither "otlp" nor "none": no ${signal.toLowerCase()} are sent`)
    return false
  }

  #address(signal: Signal, path: string): string | null {
    const [own, shared] = this.#both(signal, 'ENDPOINT')
    const used = own ?? shared
    if (used === null) return null
    const url = URL.parse(used.text)
    if (url === null || !/^https?:$/.test(url.protocol)) {
      this.complain(
        used.variable,
        `is no http:// or https:// address: no ${signal.toLowerCase()} are sent`
      )
      return null
    }
    if (own === null) url.pathname = `${url.pathname.replace(/\/$/, '')}/${path}`
    return `${url.origin}${url.pathname}`
  }

  #protocol(signal: Signal): Protocol | null {
    const [own, shared] = this.#both(signal, 'PROTOCOL')
    const used = own ?? shared
    if (used === null) return 'http/protobuf'
    const protocol = protocols.find(known => known === used.text)
    if (protocol !== undefined) return protocol
    const known = protocols.join(' and ')
    this.complain(
      used.variable,
      `${used.text === 'grpc' ? 'is "grpc"' : 'is another'}, and pipelines speak ${known}: no ${signal.toLowerCase()} are sent`
    )
    return null
  }

  /** The exporter leaves out what it does not understand, without a word. */
  #checkHeaders(signal: Signal): void {
    for (const used of this.#both(signal, 'HEADERS')) {
      const wrong =
        used?.text.split(',').findIndex(pair => !/^\s*([^=\s][^=]*=.*)?$/.test(pair)) ?? -1
      if (used !== null && wrong >= 0)
        this.complain(used.variable, `is a list of name=value, which its entry ${wrong + 1} is not`)
    }
  }

  #both(signal: Signal, what: string) {
    const names = [`OTEL_EXPORTER_OTLP_${signal}_${what}`, `OTEL_EXPORTER_OTLP_${what}`]
    return names.map(variable => {
      const text = this.text(variable)
      return text === null ? null : { variable, text }
    }) as [Used | null, Used | null]
  }
}

interface Used {
  readonly variable: string
  readonly text: string
}
