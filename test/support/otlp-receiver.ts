import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'

/** A span as OTLP's JSON has it: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
export interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: readonly OtlpAttribute[]
  readonly links?: readonly {
    readonly traceId: string
    readonly spanId: string
    readonly traceState?: string
  }[]
  readonly status?: { readonly code?: number }
}

export interface OtlpAttribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}

interface OtlpPoint {
  readonly attributes: readonly OtlpAttribute[]
  readonly asDouble?: number
  readonly asInt?: number | string
  readonly count?: number | string
  readonly sum?: number
  readonly bucketCounts?: readonly (number | string)[]
  readonly explicitBounds?: readonly number[]
}

export interface OtlpMetric {
  readonly name: string
  readonly unit: string
  readonly gauge?: { readonly dataPoints: readonly OtlpPoint[] }
  readonly sum?: {
    readonly dataPoints: readonly OtlpPoint[]
    readonly isMonotonic: boolean
    readonly aggregationTemporality: number
  }
  readonly histogram?: { readonly dataPoints: readonly OtlpPoint[] }
}

export interface OtlpRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

interface Resource {
  readonly resource: { readonly attributes: readonly OtlpAttribute[] }
}
interface ResourceSpans extends Resource {
  readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[]
}
interface ResourceMetrics extends Resource {
  readonly scopeMetrics: readonly { readonly metrics: readonly OtlpMetric[] }[]
}

/** Takes what is sent by OTLP. `answer`: the status, or null: none, ever. */
export class OtlpReceiver {
  readonly requests: OtlpRequest[] = []
  readonly #server: Server
  answer: number | null = 200

  private constructor() {
    this.#server = createServer((request, response) => {
      void buffer(request).then(bytes => {
        const isPacked = request.headers['content-encoding'] === 'gzip'
        const body = isPacked ? gunzipSync(bytes) : bytes
        this.requests.push({ path: request.url!, headers: request.headers, body })
        if (this.answer === null) return
        response.writeHead(this.answer, { 'content-type': request.headers['content-type'] })
        response.end(this.answer === 200 && isJson(this.requests.at(-1)!) ? '{}' : '')
      })
    })
  }

  static async open(): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver()
    // A test that does not come to its end leaves no process behind.
    receiver.#server.listen(0, '127.0.0.1').unref()
    await once(receiver.#server, 'listening')
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Those that came as JSON. */
  get spans(): readonly OtlpSpan[] {
    return this.#exported<ResourceSpans>('/v1/traces', 'resourceSpans')
      .flatMap(({ scopeSpans }) => scopeSpans)
      .flatMap(({ spans }) => spans)
  }

  /** Those of the last export that came as JSON, by name. */
  get metrics(): ReadonlyMap<string, OtlpMetric> {
    const all = this.#exported<ResourceMetrics>('/v1/metrics', 'resourceMetrics')
    const last = all.at(-1)?.scopeMetrics.flatMap(({ metrics }) => metrics) ?? []
    return new Map(last.map(metric => [metric.name, metric]))
  }

  /** Of the last request of a path that came as JSON. */
  resource(path: '/v1/traces' | '/v1/metrics'): Readonly<Record<string, unknown>> {
    const name = path === '/v1/traces' ? 'resourceSpans' : 'resourceMetrics'
    return attributesOf(this.#exported<Resource>(path, name).at(-1)!.resource)
  }

  #exported<T>(path: string, name: string): readonly T[] {
    return this.requests
      .filter(request => request.path === path && isJson(request))
      .flatMap(({ body }) => (JSON.parse(body.toString()) as Record<string, T[]>)[name]!)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

function isJson({ headers }: OtlpRequest): boolean {
  return headers['content-type'] === 'application/json'
}

/** By name, without their types: integers are numbers or strings of digits in JSON. */
export function attributesOf({
  attributes
}: {
  readonly attributes: readonly OtlpAttribute[]
}): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => {
      const [[type, plain]] = Object.entries(value) as [[string, unknown]]
      return [key, type === 'intValue' ? Number(plain) : plain]
    })
  )
}
