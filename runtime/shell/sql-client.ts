import { askLocal, explainSilence, type LocalPipeline, urlOf } from '../access/local-request.ts'

/** A value of an answer: JSON, whose numbers have kept their digits. */
export type Cell = null | boolean | string | object

export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly Cell[])[]
}

export type Reply =
  /** `body` is the document as it came. */
  | { readonly kind: 'rows'; readonly answer: Answer; readonly body: string }
  | { readonly kind: 'done'; readonly message: string; readonly body: string }
  | { readonly kind: 'refused'; readonly text: string; readonly body: string }
  | { readonly kind: 'unreachable'; readonly text: string }

interface Document extends Answer {
  readonly verb?: string
  readonly table?: string
  readonly statements?: { readonly rawJSON: string }
  readonly changed?: { readonly rawJSON: string }
  readonly message?: string
  readonly text?: string
}

/** `signal`: waits no longer. */
export async function sendStatement(
  statement: string,
  pipeline: LocalPipeline,
  signal?: AbortSignal
): Promise<Reply> {
  const path = '/api/v1/sql'
  const url = urlOf(pipeline, path)
  try {
    const request = { path, body: statement, ...(signal === undefined ? {} : { signal }) }
    const { status, body } = await askLocal(pipeline, request)
    return readReply(status < 400, body, url)
  } catch (error) {
    if (signal?.aborted === true) {
      return { kind: 'unreachable', text: 'not waited for; a change may still be made\n' }
    }
    const text = `no pipeline answers at ${url}: ${explainSilence(error, pipeline)}\n`
    return { kind: 'unreachable', text }
  }
}

function readReply(ok: boolean, body: string, url: string): Reply {
  let document: Document
  try {
    document = parseExactly(body) as Document
  } catch {
    return { kind: 'unreachable', text: `what answers at ${url} is no pipeline\n` }
  }
  const { columns, rows, verb, table, statements, changed, message, text } = document
  if (!ok) return { kind: 'refused', text: text ?? body, body }
  if (changed !== undefined) {
    const count = changed.rawJSON
    const what = statements === undefined ? `${verb} ${table}` : `${statements.rawJSON} statements`
    const told = `${what}: ${count} row${count === '1' ? '' : 's'}`
    return { kind: 'done', message: told, body }
  }
  if (message !== undefined) return { kind: 'done', message, body }
  return { kind: 'rows', answer: { columns, rows }, body }
}

interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source: string }) => unknown
  ): unknown
  rawJSON(text: string): { readonly rawJSON: string }
}

/** Numbers stay the texts that they are: a BIGINT has more digits than a number of JavaScript. */
function parseExactly(text: string): unknown {
  // V8 has them, TypeScript's library does not name them yet.
  const json = JSON as unknown as ExactJson
  return json.parse(text, (_, value, { source }) =>
    typeof value === 'number' ? json.rawJSON(source) : value
  )
}
