import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** An OAuth 2 token endpoint: client `pipeline`, with its secret, is alice. The tokens are not signed. */
export class TokenIssuer {
  readonly #server: Server
  /** How many tokens it has given. */
  issued = 0

  private constructor(secret: string) {
    const expected = `Basic ${Buffer.from(`pipeline:${encodeURIComponent(secret)}`).toString('base64')}`
    this.#server = createServer((request, response) => {
      void text(request).then(body => {
        const isGrant = new URLSearchParams(body).get('grant_type') === 'client_credentials'
        if (!isGrant || request.headers.authorization !== expected) {
          response.writeHead(401).end(`{"error": "invalid_client", "sent": "${body}"}`)
          return
        }
        this.issued++
        const now = Math.floor(Date.now() / 1000)
        const part = (value: object): string =>
          Buffer.from(JSON.stringify(value)).toString('base64url')
        const token = `${part({ alg: 'none' })}.${part({ sub: 'alice', iat: now, exp: now + 600 })}.`
        response.end(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 600 }))
      })
    })
  }

  static async start(secret: string): Promise<TokenIssuer> {
    const issuer = new TokenIssuer(secret)
    issuer.#server.listen(0, '127.0.0.1')
    await once(issuer.#server, 'listening')
    return issuer
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/token`
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}
