import { request as requestPlain } from 'node:http'
import type { RequestOptions } from 'node:https'
import { text } from 'node:stream/consumers'

/** A pipeline on this machine, as its own commands reach it. */
export interface LocalPipeline {
  readonly port: number
  readonly token: string | null
  /** Certificates, in PEM, that vouch for the pipeline's; null: it answers without TLS. */
  readonly ca: Buffer | null
}

export interface LocalRequest {
  readonly path: string
  /** Of a POST, as text. */
  readonly body?: string
  readonly signal?: AbortSignal
}

export interface LocalAnswer {
  readonly status: number
  readonly body: string
}

export function urlOf({ port, ca }: LocalPipeline, path: string): string {
  return `${ca === null ? 'http' : 'https'}://127.0.0.1:${port}${path}`
}

/** Why nobody answered, and what to do about it, of what `askLocal` rejected with. */
export function explainSilence(error: unknown, { ca }: LocalPipeline): string {
  const { code = '', name, message } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED')
    return 'nobody listens there: --port is the one that it was started with'
  if (name === 'TimeoutError') return 'it takes the connection, and says nothing for 5 seconds'
  // TLS and PostgreSQL both end a connection that begins with HTTP.
  if (ca === null && (code === 'ECONNRESET' || code.startsWith('HPE_'))) {
    return 'what listens there does not speak HTTP: one with TLS is asked with --tls-ca, psql has a port of its own'
  }
  if (code === 'EPROTO' || code === 'ECONNRESET') {
    return 'what listens there has no TLS: leave --tls-ca out'
  }
  return message
}

/** Rejects when nobody answers: see `explainSilence`. */
export function askLocal(
  pipeline: LocalPipeline,
  { path, body, signal }: LocalRequest
): Promise<LocalAnswer> {
  const { token, ca } = pipeline
  const options: RequestOptions = {
    method: body === undefined ? 'GET' : 'POST',
    agent: false,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...(token === null ? {} : { authorization: `Bearer ${token}` })
    },
    ...(signal === undefined ? {} : { signal }),
    // The certificate has to be vouched for; it is of a name that others know the machine by.
    ...(ca === null ? {} : { ca, checkServerIdentity: () => undefined })
  }
  return new Promise((resolve, reject) => {
    const send = ca === null ? requestPlain : process.getBuiltinModule('node:https').request
    const request = send(urlOf(pipeline, path), options, response => {
      text(response).then(
        found => resolve({ status: response.statusCode ?? 0, body: found }),
        reject
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}
