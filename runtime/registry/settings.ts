import { readFileSync } from 'node:fs'
import { resolveProperties } from '../connect/kafka/resolve-properties.ts'
import type { RegistryDefinition } from '../contract/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import type { HttpQuestion } from './ask-http.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface RegistrySettings {
  /** Without user and password: they are shown. Each ends in a slash. */
  readonly urls: readonly URL[]
  readonly headers: Readonly<Record<string, string>>
  readonly tls: HttpQuestion['tls']
  /** What must not be shown. */
  readonly secrets: readonly string[]
}

export function readSettings(
  { url, properties }: RegistryDefinition,
  environment: Environment
): RegistrySettings {
  const { schema_registry_url: list, ...settings } = resolveProperties(
    { schema_registry_url: url, ...properties },
    environment
  )
  const parsed = list!.split(',').map(text => parseUrl(text.trim()))
  const user = settings['basic.auth.user.info'] ?? userOf(parsed[0]!)
  const token = settings['bearer.auth.token']
  const authorization =
    token !== undefined
      ? `Bearer ${token}`
      : user === null
        ? null
        : `Basic ${Buffer.from(user).toString('base64')}`
  return {
    urls: parsed.map(withoutUser),
    headers: authorization === null ? {} : { authorization },
    tls: {
      ...fileOption('ca', settings, 'ssl.ca.location'),
      ...fileOption('cert', settings, 'ssl.certificate.location'),
      ...fileOption('key', settings, 'ssl.key.location'),
      ...(settings['ssl.key.password'] === undefined
        ? {}
        : { passphrase: settings['ssl.key.password'] })
    },
    secrets: [
      ...(token === undefined ? [] : [token]),
      ...(user === null ? [] : [user, user.slice(user.indexOf(':') + 1)]),
      ...(authorization === null ? [] : [authorization.split(' ')[1]!])
    ].filter(secret => secret !== '')
  }
}

/** A wrong URL may hold a password: it is not shown. */
function parseUrl(text: string): URL {
  const url = URL.parse(text)
  if (url !== null && (url.protocol === 'http:' || url.protocol === 'https:')) return url
  throw new EnvironmentError(
    'schema_registry_url is no URL of a registry',
    "It is as 'https://registry.example:8081', or several of them, separated by commas."
  )
}

function userOf({ username, password }: URL): string | null {
  if (username === '') return null
  return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
}

function withoutUser(url: URL): URL {
  const plain = new URL(url)
  plain.username = ''
  plain.password = ''
  plain.search = ''
  plain.hash = ''
  if (!plain.pathname.endsWith('/')) plain.pathname += '/'
  return plain
}

function fileOption(
  name: 'ca' | 'cert' | 'key',
  settings: Readonly<Record<string, string>>,
  property: string
): Readonly<Record<string, Buffer>> {
  const path = settings[property]
  if (path === undefined) return {}
  try {
    return { [name]: readFileSync(path) }
  } catch (error) {
    throw new EnvironmentError(
      `property 'schema.registry.${property}': cannot read ${path}: ${(error as Error).message}`
    )
  }
}
