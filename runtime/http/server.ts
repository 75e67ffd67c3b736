import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type Listening, listenOn } from '../access/listen.ts'
import { makeTokenCheck } from '../access/token.ts'

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
  | ((request: IncomingMessage) => RouteAnswer | Promise<RouteAnswer>)
  | { readonly post: (request: IncomingMessage) => Promise<RouteAnswer> }

export interface HttpServer {
  readonly port: number
  close(): Promise<void>
}

/** Reads what `error` says: for what nobody expected. */
export type ReportError = (error: unknown) => void

export interface HttpOptions {
  readonly listening: Listening
  /** What is needed from outside the machine for all but the open paths. */
  readonly token: string | null
  /** Paths that tell nothing of what is in the pipeline. */
  readonly open: readonly string[]
  readonly report: ReportError
  readonly timeouts?: HttpTimeouts
}

/** In ms. */
export interface HttpTimeouts {
  /** For the whole of a request, and for its head. */
  readonly request: number
  readonly head: number
  /** Without a byte of the answer that is read. */
  readonly answer: number
}

const TIMEOUTS: HttpTimeouts = { request: 10_000, head: 5000, answer: 30_000 }

/** `port` 0 takes any free one. */
export async function startHttpServer(
  port: number,
  routes: Readonly<Record<string, Route>>,
  { listening, token, open, report, timeouts = TIMEOUTS }: HttpOptions
): Promise<HttpServer> {
  const limits = {
    maxHeaderSize: 8192,
    requestTimeout: timeouts.request,
    headersTimeout: timeouts.head,
    connectionsCheckingInterval: Math.min(1000, timeouts.head)
  }
  const { tls } = listening
  // Node loads its TLS for 10 ms: only where it is asked for.
  const https = (): typeof import('node:https') => process.getBuiltinModule('node:https')
  // A handshake is none of a request's time: Node would wait two minutes for it.
  const secure = { ...limits, ...tls, handshakeTimeout: timeouts.head }
  const server = tls === null ? createServer(limits) : https().createServer(secure)
  server.maxConnections = 256
  const isToken = makeTokenCheck(token)
  const mayAsk = ({ url = '/', headers }: IncomingMessage): boolean =>
    listening.isLocal || open.includes(pathOf(url)) || isToken(headers.authorization)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const answered = mayAsk(request) ? answer(request, routes) : Promise.resolve(unauthorised)
    answered
      .then(found => send(response, found, timeouts.answer))
      .catch((error: unknown) => {
        if (!response.headersSent) send(response, failed, timeouts.answer)
        report(error)
      })
  })
  const taken = await listenOn(server, port, listening.host, '--port')
  return {
    port: taken,
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    }
  }
}

const failed: RouteAnswer = { status: 500, body: { error: 'internal error' } }
const unauthorised: RouteAnswer = {
  status: 401,
  body: {
    code: 'token-needed',
    message: 'from outside its machine a pipeline answers nobody without its token',
    text: 'error: from outside its machine a pipeline answers nobody without its token [token-needed]\n  Send it as "Authorization: Bearer <token>".\n'
  },
  headers: { 'www-authenticate': 'Bearer' }
}

function pathOf(url: string): string {
  return url.split('?')[0]!
}

async function answer(
  request: IncomingMessage,
  routes: Readonly<Record<string, Route>>
): Promise<RouteAnswer> {
  const { method, url = '/' } = request
  const path = pathOf(url)
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined
  if (route === undefined) {
    return { status: 404, body: { error: 'not found', paths: Object.keys(routes) } }
  }
  const isGet = method === 'GET' || method === 'HEAD'
  if (typeof route === 'function' && isGet) return route(request)
  if (typeof route === 'object' && method === 'POST') return route.post(request)
  return {
    status: 405,
    body: { error: 'method not allowed' },
    headers: { allow: typeof route === 'object' ? 'POST' : 'GET, HEAD' }
  }
}

/** `patience`: in ms; who reads nothing of the answer for so long is let go. */
function send(
  response: ServerResponse,
  { status, body, type, headers }: RouteAnswer,
  patience: number
): void {
  const content =
    body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body, null, 2) + '\n')
  response.writeHead(status, {
    'content-type': type ?? 'application/json; charset=utf-8',
    // Without it, the answer goes out in chunks.
    'content-length': content.length,
    'x-content-type-options': 'nosniff',
    ...headers
  })
  // Node ends it with the answer, and sets its own for the time until the next request.
  response.socket?.setTimeout(patience)
  response.end(content)
}
