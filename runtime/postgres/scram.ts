import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { ProtocolError } from './protocol-error.ts'

/** The only way to log in. Channel binding (`-PLUS`) is not offered: Node gives no access to what it needs. */
export const MECHANISM = 'SCRAM-SHA-256'
/** As PostgreSQL. */
const ITERATIONS = 4096

/** What the server keeps of a password: RFC 5802, section 3. */
export interface ScramSecret {
  readonly salt: Buffer
  readonly storedKey: Buffer
  readonly serverKey: Buffer
}

export function makeScramSecret(password: string): ScramSecret {
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256')
  const clientKey = hmac(salted, 'Client Key')
  return { salt, storedKey: sha256(clientKey), serverKey: hmac(salted, 'Server Key') }
}

/**
 * One login of a client, as RFC 5802 and RFC 7677 have it: two messages each way. The name in it does not count, as in PostgreSQL:
 * it was in the first message of the connection.
 */
export class ScramExchange {
  readonly #secret: ScramSecret
  readonly #nonce: string
  #clientFirst = ''
  #serverFirst = ''
  #header = ''
  #fullNonce = ''

  constructor(secret: ScramSecret, nonce = randomBytes(18).toString('base64')) {
    this.#secret = secret
    this.#nonce = nonce
  }

  /** The answer to the client's first message. */
  first(message: string): string {
    const match = /^((?:n|y),(?:a=[^,]*)?,)((?:n=[^,]*),r=([\x21-\x2b\x2d-\x7e]+).*)$/s.exec(
      message
    )
    if (match === null)
      throw new ProtocolError('the client begins no login without channel binding')
    this.#header = match[1]!
    this.#clientFirst = match[2]!
    this.#fullNonce = match[3]! + this.#nonce
    const salt = this.#secret.salt.toString('base64')
    this.#serverFirst = `r=${this.#fullNonce},s=${salt},i=${ITERATIONS}`
    return this.#serverFirst
  }

  /** The answer to the client's second message: what proves that the server knows the password too. Null: the client does not. */
  last(message: string): string | null {
    const match = /^(c=([^,]*),r=([^,]*)(?:,.*)?),p=([A-Za-z0-9+/]{43}=)$/s.exec(message)
    if (match === null) throw new ProtocolError('the client ends its login in a way of its own')
    const [, withoutProof, binding, nonce, proofText] = match
    const header = Buffer.from(this.#header).toString('base64')
    if (binding !== header || nonce !== this.#fullNonce) {
      throw new ProtocolError('the client ends another login than it began')
    }
    const signed = `${this.#clientFirst},${this.#serverFirst},${withoutProof}`
    const signature = hmac(this.#secret.storedKey, signed)
    const clientKey = Buffer.from(proofText!, 'base64').map((byte, i) => byte ^ signature[i]!)
    if (!timingSafeEqual(sha256(clientKey), this.#secret.storedKey)) return null
    return `v=${hmac(this.#secret.serverKey, signed).toString('base64')}`
  }
}

function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
