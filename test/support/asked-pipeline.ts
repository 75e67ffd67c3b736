import { join } from 'node:path'
import { openStatements } from '../../compiler/ask/index.ts'
import { makeMemoryConnector, type MemoryTopics } from '../../runtime/connect/memory/index.ts'
import { type Listening, LOCAL } from '../../runtime/access/listen.ts'
import type { OpenAsker } from '../../runtime/contract/index.ts'
import { type HttpTimeouts, startHttpServer } from '../../runtime/http/server.ts'
import { sqlRoute } from '../../runtime/http/sql-route.ts'
import { type Pipeline, startPipeline } from '../../runtime/pipeline/start-pipeline.ts'
import type { Timeouts } from '../../runtime/postgres/connection.ts'
import { startPostgresServer } from '../../runtime/postgres/server.ts'
import { makeAsker } from '../../runtime/query/asker.ts'
import { systemClock } from '../../runtime/time/clock.ts'
import { compileFixture, openScriptFolder } from './compile-fixture.ts'
import { loadPipeline } from './load-pipeline.ts'

/** A pipeline in memory that answers statements over HTTP. */
export interface AskedPipeline {
  readonly pipeline: Pipeline
  readonly url: string
  /** Of the PostgreSQL server. */
  readonly pgPort: number
  post(
    statement: string,
    headers?: Readonly<Record<string, string>>
  ): Promise<{ readonly status: number; readonly text: string; readonly bytes: Uint8Array }>
  stop(): Promise<void>
}

/** How it is reached. */
export interface AccessOptions {
  readonly listening?: Listening
  readonly timeouts?: Timeouts
  readonly httpTimeouts?: HttpTimeouts
  readonly maxRows?: number
}

/** From the sources: what is bundled with pipelines is made of the same. */
const openAsker: OpenAsker = (tables, system) => {
  const types = new Map(Object.entries(system).map(([name, columns]) => [name, { columns }]))
  return makeAsker(openStatements(tables, types))
}

export async function startAskedPipeline(
  name: string,
  script: string,
  topics: MemoryTopics,
  token: string | null = 'secret',
  { listening = LOCAL, timeouts, httpTimeouts, maxRows = 100_000 }: AccessOptions = {}
): Promise<AskedPipeline> {
  using folder = openScriptFolder(Buffer.from(script), {}, `${name}.sql`)
  const { compiled } = compileFixture(folder, true)
  const path = join(import.meta.dirname, `../suites/_actual/${name}.ts`)
  const { definition, models } = await loadPipeline(compiled, path)
  const pipeline = await startPipeline(definition, {
    connector: makeMemoryConnector(topics, systemClock),
    clock: systemClock,
    log: { log: () => {}, limited: () => {} },
    models,
    openAsker: () => openAsker,
    maxRows
  })
  const report = (error: unknown): void => {
    throw error
  }
  const server = await startHttpServer(
    0,
    { '/api/v1/sql': sqlRoute(() => pipeline, token, listening.isLocal) },
    { listening, token, open: [], report, ...(httpTimeouts && { timeouts: httpTimeouts }) }
  )
  const postgres = await startPostgresServer(0, listening, {
    current: () => pipeline,
    token,
    database: name,
    report,
    refused: () => {},
    ...(timeouts === undefined ? {} : { timeouts })
  })
  const url = `http://127.0.0.1:${server.port}/api/v1/sql`
  return {
    pipeline,
    url,
    pgPort: postgres.port,
    async post(statement, headers = {}) {
      const authorization = token === null ? {} : { authorization: `Bearer ${token}` }
      const response = await fetch(url, {
        method: 'POST',
        body: statement,
        headers: { 'content-type': 'text/plain', ...authorization, ...headers }
      })
      const bytes = new Uint8Array(await response.arrayBuffer())
      return { status: response.status, text: Buffer.from(bytes).toString(), bytes }
    },
    async stop() {
      await pipeline.stop()
      await Promise.all([server.close(), postgres.close()])
    }
  }
}
