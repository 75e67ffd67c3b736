import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

export type ScramHash = 'sha256' | 'sha512'

const NONCE_BYTES = 24
const LEAST_ITERATIONS = 4096

/** One login by SCRAM, RFC 5802, without channel binding. */
export class ScramLogin {
  readonly #hash: ScramHash
  readonly #password: string
  readonly #first: string
  readonly #nonce: string
  #signature: Buffer | null = null

  constructor(
    hash: ScramHash,
    user: string,
    password: string,
    nonce = randomBytes(NONCE_BYTES).toString('base64')
  ) {
    this.#hash = hash
    this.#password = password
    this.#nonce = nonce
    this.#first = `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`
  }

  first(): Buffer {
    return Buffer.from(`n,,${this.#first}`)
  }

  /** What proves to the broker that we know the password. */
  async prove(challenge: Buffer): Promise<Buffer> {
    const { r: nonce = '', s: salt = '', i: iterations = '' } = attributesOf(challenge)
    if (!nonce.startsWith(this.#nonce)) throw new Error('the broker answers to another login')
    if (!(Number(iterations) >= LEAST_ITERATIONS))
      throw new Error('the broker asks for a weak proof')
    const bits = Buffer.from(salt, 'base64')
    const length = createHash(this.#hash).digest().length
    const salted = await promisify(pbkdf2)(
      this.#password,
      bits,
      Number(iterations),
      length,
      this.#hash
    )
    const key = this.#hmac(salted, 'Client Key')
    const final = `c=biws,r=${nonce}`
    const message = `${this.#first},${challenge.toString()},${final}`
    const signature = this.#hmac(createHash(this.#hash).update(key).digest(), message)
    this.#signature = this.#hmac(this.#hmac(salted, 'Server Key'), message)
    const proof = Buffer.from(key.map((byte, i) => byte ^ signature[i]!))
    return Buffer.from(`${final},p=${proof.toString('base64')}`)
  }

  /** Throws where the broker does not know the password. */
  check(final: Buffer): void {
    const { v = '' } = attributesOf(final)
    const signature = Buffer.from(v, 'base64')
    const expected = this.#signature!
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
      throw new Error('the broker does not prove who it is')
  }

  #hmac(key: Uint8Array, text: string): Buffer {
    return createHmac(this.#hash, key).update(text).digest()
  }
}

function attributesOf(message: Buffer): Readonly<Record<string, string>> {
  const parts = message.toString().split(',')
  return Object.fromEntries(parts.map(part => [part.slice(0, 1), part.slice(2)]))
}
