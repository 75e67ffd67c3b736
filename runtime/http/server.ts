import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { EnvironmentError } from '../observe/environment-error.ts'

/** A path's answer: a status and a document. */
export type Route = () => { readonly status: number; readonly body: object }

export interface HttpServer {
  readonly port: number
  close(): Promise<void>
}

/** A read-only server on the loopback interface. `port` 0 takes any free one. */
export async function startHttpServer(
  port: number,
  routes: Readonly<Record<string, Route>>
): Promise<HttpServer> {
  const server = createServer({ maxHeaderSize: 8192, requestTimeout: 10_000, headersTimeout: 5000 })
  server.maxConnections = 64
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response, routes)
  })
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
    throw new EnvironmentError(
      taken ? `port ${port} is taken` : `port ${port}: ${(error as Error).message}`,
      'Give another with --port; 0 takes any free one.'
    )
  }
  // The pipeline decides how long the process lives.
  server.unref()
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}

function answer(
  { method, url = '/' }: IncomingMessage,
  response: ServerResponse,
  routes: Readonly<Record<string, Route>>
): void {
  const path = url.split('?')[0]!
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined
  if (route === undefined)
    return send(response, 404, { error: 'not found', paths: Object.keys(routes) })
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    return send(response, 405, { error: 'method not allowed' })
  }
  const { status, body } = route()
  send(response, status, body)
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'x-content-type-options': 'nosniff'
  })
  response.end(JSON.stringify(body, null, 2) + '\n')
}
