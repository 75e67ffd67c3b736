import type { RequestOptions } from 'node:https'

export interface HttpQuestion {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** Certificates, as Node's TLS takes them. */
  readonly tls: Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'passphrase'>
  /** For all of it, in ms. */
  readonly timeout: number
}

export interface HttpAnswer {
  readonly status: number
  readonly body: string
}

/** Schemas are texts of some KB: whoever sends more is no registry. */
const LARGEST = 16 << 20

/** One question, one answer, over a connection of its own: schemas are asked for once. Rejects where none comes. */
export async function askHttp({
  method,
  url,
  headers,
  body,
  tls,
  timeout
}: HttpQuestion): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>()
  const signal = AbortSignal.timeout(timeout)
  // Loaded when there is something to ask: the compiler, which seldom asks, starts a tenth faster. Not by `import()`: in an executable
  // Node warns of that in the log.
  const { request: ask } =
    url.protocol === 'https:'
      ? process.getBuiltinModule('node:https')
      : process.getBuiltinModule('node:http')
  const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const options = { method, headers: { ...headers, ...length }, signal, agent: false, ...tls }
  const request = ask(url, options, response => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > LARGEST) response.destroy(new Error('the answer is larger than 16 MB'))
      else chunks.push(chunk)
    })
    response.on('error', reject)
    response.on('end', () => {
      resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() })
    })
  })
  request.on('error', error => {
    reject(signal.aborted ? new Error(`no answer within ${timeout / 1000} s`) : error)
  })
  request.end(body ?? undefined)
  return promise
}
