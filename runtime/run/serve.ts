import { type Listening, openListening } from '../access/listen.ts'
import { dashboardPaths, type DescribedPipeline, observeRoutes } from '../http/observe-routes.ts'
import { type HttpServer, startHttpServer } from '../http/server.ts'
import { sqlRoute } from '../http/sql-route.ts'
import type { Logger } from '../observe/log.ts'
import type { RecordSamples } from '../observe/record-samples.ts'
import type { PostgresServer } from '../postgres/server.ts'
import type { AccessOptions } from '../pipeline/access-flags.ts'
import { describeBug } from './bug-report.ts'
import { loadWatch } from './load-watch.ts'
import type { Pipeline } from '../pipeline/start-pipeline.ts'

/** What is asked. */
export interface ServedPipeline {
  readonly definition: DescribedPipeline
  /** Null: none are taken. */
  readonly samples: RecordSamples | null
  /** Null until the pipeline has started. */
  readonly current: () => Pipeline | null
}

/** What can be asked from outside. */
export interface Served {
  /** Where the metrics are; null: there is no HTTP server. */
  readonly metrics: string | null
  /** Where psql finds it; null: there is no PostgreSQL server. */
  readonly postgres: string | null
  close(): Promise<void>
}

export async function serve(
  options: AccessOptions,
  pipeline: ServedPipeline,
  token: string | null,
  log: Logger
): Promise<Served> {
  const listening = openListening(options, token)
  const { definition, current } = pipeline
  const report = (error: unknown): void => {
    log.log('error', 'a statement met a bug in miraclec', { stack: describeBug(error, definition) })
  }
  const access = { listening, token, report }
  const { port, pgPort } = options
  const http = port === null ? null : await serveHttp(port, pipeline, access)
  const postgres =
    pgPort === null ? null : await servePostgres(pgPort, definition, current, access, log)
  // Who reads the log is on the machine.
  const at = listening.isLocal ? hostOf(listening) : '127.0.0.1'
  const scheme = listening.tls === null ? 'http' : 'https'
  return {
    metrics: http === null ? null : `${scheme}://${at}:${http.port}/api/v1/kafka/metrics`,
    postgres: postgres === null ? null : `postgresql://${at}:${postgres.port}/`,
    async close() {
      await Promise.all([http?.close(), postgres?.close()])
    }
  }
}

function hostOf({ host }: Listening): string {
  return host.includes(':') ? `[${host}]` : host
}

interface Access {
  readonly listening: Listening
  readonly token: string | null
  readonly report: (error: unknown) => void
}

function serveHttp(
  port: number,
  { definition, samples, current }: ServedPipeline,
  { listening, token, report }: Access
): Promise<HttpServer> {
  const identity = { pipeline: definition.name, version: definition.version }
  const health = {
    '/health/live': () => ({ status: 200, body: { status: 'live', ...identity } }),
    '/health/ready': () => {
      const ready = current()?.ready() === true
      return {
        status: ready ? 200 : 503,
        body: { status: ready ? 'ready' : 'not ready', ...identity }
      }
    }
  }
  const routes = {
    '/api/v1/sql': sqlRoute(current, token, listening.isLocal),
    ...observeRoutes({
      ...{ definition, samples, current },
      load: loadWatch,
      isLocal: listening.isLocal
    }),
    ...health
  }
  // From outside the dashboard asks for the token, and sends it along with what it asks.
  const open = [...Object.keys(health), ...dashboardPaths]
  return startHttpServer(port, routes, { listening, token, open, report })
}

async function servePostgres(
  port: number,
  { name }: DescribedPipeline,
  current: () => Pipeline | null,
  { listening, token, report }: Access,
  log: Logger
): Promise<PostgresServer> {
  const { startPostgresServer } = await import('../postgres/server.ts')
  const refused = (user: string): void => log.limited('warn', 'a login was refused', { user })
  return startPostgresServer(port, listening, { current, token, database: name, report, refused })
}
