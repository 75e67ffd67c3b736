import type { Api, BrokerConnection } from './broker-connection.ts'
import { type ScramHash, ScramLogin } from './scram.ts'

const HANDSHAKE: Api = { name: 'SaslHandshake', key: 17, version: 1, isFlexible: false }
const AUTHENTICATE: Api = { name: 'SaslAuthenticate', key: 36, version: 2, isFlexible: true }

/** How to log in by SASL. */
export type Login =
  | { readonly mechanism: 'PLAIN'; readonly user: string; readonly password: string }
  | {
      readonly mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-512'
      readonly user: string
      readonly password: string
    }
  | { readonly mechanism: 'OAUTHBEARER'; readonly token: () => Promise<BearerToken> }

export interface BearerToken {
  readonly tokenValue: string
  readonly extensions: Readonly<Record<string, string>>
}

/** Rejects with what the broker says where it refuses. */
export async function logIn(connection: BrokerConnection, login: Login): Promise<void> {
  const { mechanism } = login
  const { answer, body } = await connection.request(HANDSHAKE, request => request.string(mechanism))
  const error = body.int16()
  const known = body.array(() => body.string())
  answer.release()
  if (error !== 0) throw new Error(`the broker takes ${known.join(', ')}, not ${mechanism}`)
  switch (login.mechanism) {
    case 'PLAIN':
      // RFC 4616.
      await authenticate(connection, Buffer.from(`\0${login.user}\0${login.password}`))
      return
    case 'OAUTHBEARER': {
      const { tokenValue, extensions } = await login.token()
      const pairs = Object.entries(extensions).map(([name, value]) => `${name}=${value}\x01`)
      // RFC 7628.
      const text = `n,,\x01auth=Bearer ${tokenValue}\x01${pairs.join('')}\x01`
      await authenticate(connection, Buffer.from(text))
      return
    }
    default: {
      const hash: ScramHash = login.mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512'
      const scram = new ScramLogin(hash, login.user, login.password)
      const challenge = await authenticate(connection, scram.first())
      scram.check(await authenticate(connection, await scram.prove(challenge)))
    }
  }
}

async function authenticate(connection: BrokerConnection, bytes: Uint8Array): Promise<Buffer> {
  const { answer, body } = await connection.request(AUTHENTICATE, request =>
    request.compactBytes(bytes).noTags()
  )
  const error = body.int16()
  const reason = body.compactString()
  const reply = body.compactBytes()
  answer.release()
  if (error !== 0) throw new Error(reason ?? `the login is refused with error ${error}`)
  return reply
}
