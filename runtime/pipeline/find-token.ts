import { readFileSync } from 'node:fs'
import { EnvironmentError } from '../observe/environment-error.ts'

export interface TokenOptions {
  readonly token: string | null
  readonly tokenFile: string | null
}

/** The token for statements that change something: as given, from its file, or from MIRACLEC_TOKEN; null: there is none. */
export function findToken(
  { token, tokenFile }: TokenOptions,
  environment: Readonly<Record<string, string | undefined>>
): string | null {
  const found = token ?? fromFile(tokenFile) ?? environment['MIRACLEC_TOKEN'] ?? null
  if (found === null || found === '') return null
  if (/^[\x21-\x7e]+$/.test(found)) return found
  throw new EnvironmentError(
    'the token has spaces or characters that HTTP headers do not carry',
    'Letters, digits and punctuation do: openssl rand -hex 32 makes one.'
  )
}

function fromFile(path: string | null): string | null {
  if (path === null) return null
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new EnvironmentError(`--token-file: ${(error as Error).message}`)
  }
}
