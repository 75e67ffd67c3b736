import type { IncomingMessage } from 'node:http'
import type { Asked } from '../access/asked.ts'
import { type Denial, noToken, tokenNeeded } from '../access/denials.ts'
import { makeTokenCheck } from '../access/token.ts'
import type { StatementAnswer } from '../contract/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { isForThisHost } from './check-host.ts'
import { readBody } from './read-body.ts'
import type { Route, RouteAnswer } from './server.ts'

/** A statement, or a batch of them, has no more bytes. */
const MAX_BODY = 4 << 20
/** Nothing is wrong with the statement. */
const PASSING = ['pipeline-starting', 'commit-unknown']
const ARROW = 'application/vnd.apache.arrow.stream'

const wrongToken = tokenNeeded(
  'Send it as "Authorization: Bearer <token>", or give --token to the sql command.'
)

/** `POST /api/v1/sql`: a statement, or changes that are made together, as text or as `{"sql": "..."}`. `token`: what changes need; null: none are made. `isLocal`: see Listening. */
export function sqlRoute(
  current: () => Asked | null,
  token: string | null,
  isLocal: boolean
): Route {
  const denialFor = makeGuard(token)
  return {
    async post(request) {
      if (isLocal && !isForThisHost(request)) {
        return problem(403, 'wrong-host', 'the host is 127.0.0.1 or localhost')
      }
      const body = await readBody(request, MAX_BODY)
      if (body === null) {
        return problem(413, 'body-too-large', `statements are UTF-8 of up to ${MAX_BODY} bytes`)
      }
      const statement = statementOf(body, request)
      if (statement === null) {
        return problem(400, 'no-statement', 'the body is a statement, or {"sql": "<statement>"}')
      }
      const pipeline = current()
      if (pipeline === null) return problem(503, 'pipeline-starting', 'the pipeline starts')
      try {
        const denial = denialFor(request)
        return await render(await pipeline.execute(statement, denial), pipeline, request)
      } catch (error) {
        if (!(error instanceof EnvironmentError)) throw error
        return problem(503, 'pipeline-stopped', error.message)
      }
    }
  }
}

function statementOf(body: string, { headers }: IncomingMessage): string | null {
  if (headers['content-type']?.startsWith('application/json') !== true) return body
  try {
    const { sql } = JSON.parse(body) as { readonly sql?: unknown }
    return typeof sql === 'string' ? sql : null
  } catch {
    return null
  }
}

/** Null: the request may change something. */
function makeGuard(token: string | null): (request: IncomingMessage) => Denial | null {
  if (token === null) return () => noToken
  const isToken = makeTokenCheck(token)
  return ({ headers }) => (isToken(headers.authorization) ? null : wrongToken)
}

async function render(
  answer: StatementAnswer,
  pipeline: Asked,
  { headers }: IncomingMessage
): Promise<RouteAnswer> {
  switch (answer.kind) {
    case 'rows': {
      const isArrow = headers.accept?.includes(ARROW) === true
      const body = await pipeline.render(answer, isArrow ? 'arrow' : 'json')
      return { status: 200, body, ...(isArrow ? { type: ARROW } : {}) }
    }
    case 'changed': {
      const { verb, table, rows } = answer
      return { status: 200, body: { columns: [], rows: [], verb, table, changed: rows } }
    }
    case 'batch': {
      const { statements, rows } = answer
      return { status: 200, body: { columns: [], rows: [], statements, changed: rows } }
    }
    case 'done':
      return { status: 200, body: { columns: [], rows: [], message: answer.message } }
    case 'refused': {
      const { code, message, text } = answer
      const isToken = answer.code === wrongToken.code || answer.code === noToken.code
      const status = isToken ? 401 : PASSING.includes(code) ? 503 : 400
      return { status, body: { code, message, text } }
    }
  }
}

function problem(status: number, code: string, message: string): RouteAnswer {
  return { status, body: { code, message, text: `error: ${message} [${code}]\n` } }
}
