import { type Listening, openListening } from '../access/listen.ts'
import type { PipelineDefinition } from '../contract/index.ts'
import { observeRoutes } from '../http/observe-routes.ts'
import { type HttpServer, startHttpServer } from '../http/server.ts'
import { sqlRoute } from '../http/sql-route.ts'
import type { Logger } from '../observe/log.ts'
import type { PostgresServer } from '../postgres/server.ts'
import type { AccessOptions } from './access-flags.ts'
import { describeBug } from './bug-report.ts'
import { loadWatch } from './load-watch.ts'
import type { Pipeline } from './start-pipeline.ts'

/** What says of itself which pipeline it is. */
type Identified = Pick<PipelineDefinition, 'name' | 'version' | 'script'>

/** What can be asked from outside. */
export interface Served {
  /** Where the metrics are; null: there is no HTTP server. */
  readonly metrics: string | null
  /** Where psql finds it; null: there is no PostgreSQL server. */
  readonly postgres: string | null
  close(): Promise<void>
}

/** `current`: null until the pipeline has started. */
export async function serve(
  options: AccessOptions,
  definition: Identified,
  current: () => Pipeline | null,
  token: string | null,
  log: Logger
): Promise<Served> {
  const listening = openListening(options, token)
  const report = (error: unknown): void => {
    log.log('error', 'a statement met a bug in miraclec', { stack: describeBug(error, definition) })
  }
  const access = { listening, token, report }
  const { port, pgPort } = options
  const http = port === null ? null : await serveHttp(port, definition, current, access)
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
  { name, version }: Identified,
  current: () => Pipeline | null,
  { listening, token, report }: Access
): Promise<HttpServer> {
  const identity = { pipeline: name, version }
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
    ...observeRoutes(current, loadWatch),
    ...health
  }
  return startHttpServer(port, routes, { listening, token, open: Object.keys(health), report })
}

async function servePostgres(
  port: number,
  { name }: Identified,
  current: () => Pipeline | null,
  { listening, token, report }: Access,
  log: Logger
): Promise<PostgresServer> {
  const { startPostgresServer } = await import('../postgres/server.ts')
  const refused = (user: string): void => log.limited('warn', 'a login was refused', { user })
  return startPostgresServer(port, listening, { current, token, database: name, report, refused })
}
