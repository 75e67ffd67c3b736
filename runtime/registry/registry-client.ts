import type {
  Registry,
  RegistryDefinition,
  SchemaReference,
  SchemaText
} from '../contract/index.ts'
import { askHttp, type HttpAnswer } from './ask-http.ts'
import { RegistryFailure } from './registry-failure.ts'
import { type Environment, readSettings, type RegistrySettings } from './settings.ts'

/** What a registry says of a schema. */
interface SchemaAnswer {
  readonly schema?: unknown
  readonly schemaType?: unknown
  readonly id?: unknown
  readonly version?: unknown
  readonly references?: readonly ReferenceAnswer[]
}
interface ReferenceAnswer {
  readonly name: string
  readonly subject: string
  readonly version: number
}

const JSON_TYPES = 'application/vnd.schemaregistry.v1+json, application/json'
const TIMEOUT = 10_000
/** References of references: a registry has no cycles, an answer may say anything. */
const MOST_REFERENCES = 1000

/**
 * A client of Confluent's API, which Apicurio (`/apis/ccompat/v7`), Karapace and Redpanda have too. Throws where the definition
 * can't be resolved; nothing is asked before the first call.
 */
export function openRegistry(definition: RegistryDefinition, environment: Environment): Registry {
  const settings = readSettings(definition, environment)
  const ask = (what: string, path: string, body: object | null = null): Promise<SchemaAnswer> =>
    askAny(settings, what, path, body)
  return {
    async schema(id) {
      const answer = await ask(`schema ${id}`, `schemas/ids/${id}`)
      return readSchema(answer, ask)
    },
    async latest(subject) {
      const path = `subjects/${encodeURIComponent(subject)}/versions/latest`
      const answer = await ask(`subject "${subject}"`, path)
      const schema = await readSchema(answer, ask)
      return { ...schema, id: integerOf(answer.id), version: integerOf(answer.version) }
    },
    async register(subject, schema) {
      const path = `subjects/${encodeURIComponent(subject)}/versions`
      return integerOf((await ask(`subject "${subject}"`, path, bodyOf(schema))).id)
    },
    async lookup(subject, schema) {
      const path = `subjects/${encodeURIComponent(subject)}`
      return integerOf((await ask(`subject "${subject}"`, path, bodyOf(schema))).id)
    },
    async objection(subject, schema) {
      const path = `compatibility/subjects/${encodeURIComponent(subject)}/versions/latest?verbose=true`
      try {
        const answer = (await ask(`subject "${subject}"`, path, bodyOf(schema))) as {
          readonly is_compatible?: boolean
          readonly messages?: readonly unknown[]
        }
        if (answer.is_compatible !== false) return null
        const messages = (answer.messages ?? []).map(String).join('; ')
        return messages === '' ? 'it is not compatible with the latest version' : messages
      } catch (error) {
        // The first schema of a subject has nothing to be compatible with.
        if (error instanceof RegistryFailure && error.kind === 'not-found') return null
        throw error
      }
    }
  }
}

type Ask = (what: string, path: string) => Promise<SchemaAnswer>

async function readSchema(answer: SchemaAnswer, ask: Ask): Promise<SchemaText> {
  const { schema, schemaType = 'AVRO', references = [] } = answer
  if (typeof schema !== 'string') throw new TypeError('the registry gives no schema')
  const found = new Map<string, SchemaReference>()
  await collectReferences(references, found, ask)
  return { type: schemaType as SchemaText['type'], text: schema, references: [...found.values()] }
}

/** Each behind those that it refers to. */
async function collectReferences(
  references: readonly ReferenceAnswer[],
  found: Map<string, SchemaReference>,
  ask: Ask
): Promise<void> {
  for (const { name, subject, version } of references) {
    if (found.has(name)) continue
    if (found.size >= MOST_REFERENCES) throw new TypeError('the schema has too many references')
    const path = `subjects/${encodeURIComponent(subject)}/versions/${version}`
    const answer = await ask(`subject "${subject}" version ${version}`, path)
    await collectReferences(answer.references ?? [], found, ask)
    found.set(name, { name, subject, version, text: String(answer.schema) })
  }
}

function bodyOf({ type, text, references }: SchemaText): object {
  return {
    schema: text,
    // Registries before 5.5 know Avro only, and not its name.
    ...(type === 'AVRO' ? {} : { schemaType: type }),
    ...(references.length === 0
      ? {}
      : {
          references: references.map(({ name, subject, version }) => ({ name, subject, version }))
        })
  }
}

/** The first of several URLs that answers. */
async function askAny(
  { urls, headers, tls, secrets }: RegistrySettings,
  what: string,
  path: string,
  body: object | null
): Promise<SchemaAnswer> {
  const json = body === null ? null : JSON.stringify(body)
  const type = json === null ? {} : { 'content-type': 'application/vnd.schemaregistry.v1+json' }
  let failure: RegistryFailure | null = null
  for (const url of urls) {
    try {
      const answer = await askHttp({
        method: json === null ? 'GET' : 'POST',
        url: new URL(path, url),
        headers: { accept: JSON_TYPES, ...headers, ...type },
        body: json,
        tls,
        timeout: TIMEOUT
      })
      return readAnswer(answer, `schema registry ${url.href}, ${what}`, secrets)
    } catch (error) {
      if (error instanceof RegistryFailure && error.kind !== 'unreachable') throw error
      failure =
        error instanceof RegistryFailure
          ? error
          : new RegistryFailure('unreachable', `schema registry ${url.href}`, textOf(error))
    }
  }
  throw failure!
}

/** Node's errors of several addresses have no message of their own. */
function textOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException
  return message === '' ? (code ?? 'no answer') : message
}

function readAnswer(
  { status, body }: HttpAnswer,
  what: string,
  secrets: readonly string[]
): SchemaAnswer {
  const parsed = parseObject(body)
  if (status >= 200 && status < 300) {
    if (parsed === null) {
      throw new RegistryFailure('unreachable', what, 'the answer is no JSON', NO_REGISTRY)
    }
    return parsed as SchemaAnswer
  }
  const said = typeof parsed?.['message'] === 'string' ? parsed['message'] : `HTTP ${status}`
  // A registry may quote what it was sent.
  const reason = secrets.reduce((text, secret) => text.replaceAll(secret, '***'), said)
  if (status === 401 || status === 403) throw new RegistryFailure('denied', what, reason, DENIED)
  if (status === 404) {
    // A registry says what it has not; a server that is none has no such page.
    const hint = parsed === null ? NO_REGISTRY : null
    throw new RegistryFailure('not-found', what, reason, hint)
  }
  const later = status === 408 || status === 429 || status >= 500 || status < 400
  throw new RegistryFailure(later ? 'unreachable' : 'refused', what, reason)
}

const DENIED =
  "Set 'schema.registry.basic.auth.user.info' = '${USER}:${PASSWORD}' or 'schema.registry.bearer.auth.token' in CONFIG."
const NO_REGISTRY = "Is schema_registry_url the registry's? Apicurio's ends in /apis/ccompat/v7."

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? (value as Readonly<Record<string, unknown>> | null) : null
  } catch {
    return null
  }
}

function integerOf(value: unknown): number {
  if (!Number.isSafeInteger(value)) throw new TypeError('the registry gives no id')
  return value as number
}
