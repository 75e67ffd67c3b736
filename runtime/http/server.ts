import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listenOn } from '../access/listen.ts'

/** A document, or bytes of another type. */
export interface RouteAnswer {
  readonly status: number
  readonly body: object | Uint8Array
  /** Of bytes; absent: JSON. */
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A path's answer to GET, or to POST. */
export type Route =
  | (() => RouteAnswer | Promise<RouteAnswer>)
  | { readonly post: (request: IncomingMessage) => Promise<RouteAnswer> }

export interface HttpServer {
  readonly port: number
  close(): Promise<void>
}

/** Reads what `error` says: for what nobody expected. */
export type ReportError = (error: unknown) => void

/** A server on the loopback interface. `port` 0 takes any free one. */
export async function startHttpServer(
  port: number,
  routes: Readonly<Record<string, Route>>,
  report: ReportError = () => {}
): Promise<HttpServer> {
  const server = createServer({ maxHeaderSize: 8192, requestTimeout: 10_000, headersTimeout: 5000 })
  server.maxConnections = 256
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void answer(request, response, routes).catch((error: unknown) => {
      if (!response.headersSent) send(response, { status: 500, body: { error: 'internal error' } })
      report(error)
    })
  })
  const taken = await listenOn(server, port, null, '--port')
  return {
    port: taken,
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: Readonly<Record<string, Route>>
): Promise<void> {
  const { method, url = '/' } = request
  const path = url.split('?')[0]!
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined
  if (route === undefined) {
    return send(response, {
      status: 404,
      body: { error: 'not found', paths: Object.keys(routes) }
    })
  }
  const isGet = method === 'GET' || method === 'HEAD'
  if (typeof route === 'function' && isGet) return send(response, await route())
  if (typeof route === 'object' && method === 'POST') {
    return send(response, await route.post(request))
  }
  send(response, {
    status: 405,
    body: { error: 'method not allowed' },
    headers: { allow: typeof route === 'object' ? 'POST' : 'GET, HEAD' }
  })
}

function send(response: ServerResponse, { status, body, type, headers }: RouteAnswer): void {
  const content =
    body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body, null, 2) + '\n')
  response.writeHead(status, {
    'content-type': type ?? 'application/json; charset=utf-8',
    // Without it, the answer goes out in chunks.
    'content-length': content.length,
    'x-content-type-options': 'nosniff',
    ...headers
  })
  response.end(content)
}
