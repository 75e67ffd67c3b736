import type { PipelineDefinition } from '../contract/index.ts'
import { kafkaMetrics } from '../observe/kafka-metrics.ts'
import { planNodes } from '../observe/operators.ts'
import type { RecordSamples } from '../observe/record-samples.ts'
import type { Snapshot } from '../observe/snapshot.ts'
import type { Exporter, WatchPart } from '../observe/watch-part.ts'
import { isForThisHost } from './check-host.ts'
import type { Route, RouteAnswer } from './server.ts'

/** The pipeline as those see it who watch it. */
export interface Watched {
  snapshot(): Snapshot
  /** Finds out, for so many seconds, what it is at. */
  measure(seconds: number): void
}

/** A page of another site may neither frame the dashboard nor be asked by it, and nothing runs that is not its own file. */
const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store'
}

/** Of a status: for how many seconds from then on it is to be found out what the pipeline is at. */
const MEASURE = 'measure'

/** The dashboard's own files, which tell nothing of the pipeline. */
export const dashboardPaths: readonly string[] = ['/', '/dashboard.css', '/dashboard.js']

/** What the dashboard shows of a pipeline that does not change while it runs. */
export type DescribedPipeline = Pick<
  PipelineDefinition,
  'name' | 'version' | 'script' | 'delivery' | 'commitInterval' | 'plan' | 'sql'
>

export interface ObserveOptions {
  readonly definition: DescribedPipeline
  /** Null: none are taken. */
  readonly samples: RecordSamples | null
  /** Null while the pipeline starts. */
  readonly current: () => Watched | null
  readonly load: () => WatchPart
  /** See Listening: from outside a token is asked for, and the host has other names. */
  readonly isLocal: boolean
}

/** What the pipeline does, for machines and people: each answer is made when it is asked for. */
export function observeRoutes(options: ObserveOptions): Readonly<Record<string, Route>> {
  const { definition, samples, current, load } = options
  const started =
    (answer: (pipeline: Watched, url: string) => RouteAnswer | Promise<RouteAnswer>): Route =>
    ({ url = '' }) => {
      const pipeline = current()
      return pipeline === null
        ? { status: 503, body: { error: 'starting' } }
        : answer(pipeline, url)
    }
  let exporter: Exporter | null = null
  return {
    '/api/v1/kafka/metrics': started(pipeline => ({
      status: 200,
      body: kafkaMetrics(pipeline.snapshot())
    })),
    '/metrics': started(async pipeline => {
      // The package is loaded only where somebody scrapes.
      exporter ??= load().makeExporter()
      const text = await exporter.render(pipeline.snapshot())
      return { status: 200, body: Buffer.from(text), type: exporter.type }
    }),
    '/api/v1/pipeline/status': started((pipeline, url) => {
      const seconds = Number(new URLSearchParams(url.split('?')[1]).get(MEASURE) ?? 0)
      if (seconds > 0) pipeline.measure(seconds)
      return { status: 200, body: pipeline.snapshot() }
    }),
    '/api/v1/pipeline': forThisHost(options, () => ({ status: 200, body: describe(definition) })),
    '/api/v1/pipeline/samples': forThisHost(options, () => ({
      status: 200,
      body: { samples: samples?.all() ?? null }
    })),
    ...Object.fromEntries(dashboardPaths.map(path => [path, pageRoute(path, options)]))
  }
}

function pageRoute(path: string, options: ObserveOptions): Route {
  return forThisHost(options, () => {
    const { text, type } = options.load().pages[path]!
    return { status: 200, body: Buffer.from(text), type, headers: PAGE_HEADERS }
  })
}

/** What the pipeline is. */
function describe(definition: DescribedPipeline): object {
  const { name, version, script, sql, delivery, commitInterval } = definition
  return {
    ...{ pipeline: name, version, script, delivery, commitInterval, sql },
    nodes: planNodes(definition)
  }
}

/** Scripts and records are nothing for pages of other sites. */
function forThisHost({ isLocal }: ObserveOptions, answer: () => RouteAnswer): Route {
  return request =>
    !isLocal || isForThisHost(request)
      ? answer()
      : { status: 403, body: { error: 'the host is 127.0.0.1 or localhost' } }
}
