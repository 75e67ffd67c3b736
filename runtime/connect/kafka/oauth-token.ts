import type { ClientConfig, OAuthToken } from './client-config.ts'

const PREFIX = 'sasl.oauthbearer.'
const UNSECURED = 'enable.sasl.oauthbearer.unsecure.jwt'
const TIMEOUT = 10_000
/** Of a token that says nothing of its end, and of one that we make, in seconds. */
const LIFETIME = 3600

/**
 * Settings with the function that gets a token, where the mechanism is OAUTHBEARER. librdkafka gets some by itself, but only while
 * somebody polls the client, and its OIDC needs a build with curl: here both are asked for at any time, by Node.
 */
export function withOAuthTokens(config: ClientConfig): ClientConfig {
  const mechanism = String(config['sasl.mechanisms'] ?? config['sasl.mechanism'] ?? '')
  if (mechanism.toUpperCase() !== 'OAUTHBEARER') return config
  const text = (name: string): string => String(config[`${PREFIX}${name}`] ?? '')
  const isOidc = text('method').toLowerCase() === 'oidc'
  const isUnsecured = String(config[UNSECURED]) === 'true'
  if (!isOidc && !isUnsecured) return config
  const rest = Object.entries(config).filter(
    ([name]) => !name.startsWith(PREFIX) && name !== UNSECURED
  )
  const refresh = isOidc ? () => askIssuer(text) : () => Promise.resolve(unsecured(text('config')))
  return { ...Object.fromEntries(rest), oauthbearer_token_refresh_cb: refresh }
}

/** The client credentials of OAuth 2: RFC 6749, section 4.4. */
async function askIssuer(text: (name: string) => string): Promise<OAuthToken> {
  const { href, shown } = endpointOf(text('token.endpoint.url'))
  const credentials = [text('client.id'), text('client.secret')].map(encodeURIComponent).join(':')
  const scope = text('scope')
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope === '' ? {} : { scope })
  })
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
  const signal = AbortSignal.timeout(TIMEOUT)
  const asked = { method: 'POST', body, headers: { authorization }, signal }
  const response = await fetch(href, asked).catch((error: unknown) => {
    throw new Error(`the token endpoint ${shown} does not answer: ${reasonOf(error)}`)
  })
  // What it says beside may quote what it was sent.
  if (!response.ok) throw new Error(`the token endpoint ${shown} answers ${response.status}`)
  const answer = await response.json().then(
    (found: unknown) => found as Readonly<Record<string, unknown>> | null,
    () => null
  )
  const token = answer?.['access_token']
  if (typeof token !== 'string')
    throw new Error(`the token endpoint ${shown} gives no access_token`)
  const claims = claimsOf(token)
  const seconds = Number(answer?.['expires_in'] ?? LIFETIME)
  const end = typeof claims['exp'] === 'number' ? claims['exp'] * 1000 : Date.now() + seconds * 1000
  const subject = claims[text('sub.claim.name') || 'sub']
  return {
    tokenValue: token,
    lifetime: end,
    principal: typeof subject === 'string' ? subject : '',
    extensions: pairsOf(text('extensions'), ',')
  }
}

/** `shown`: without what stands in a URL that nobody should see. */
function endpointOf(text: string): { readonly href: string; readonly shown: string } {
  const url = URL.parse(text)
  if (url === null) throw new Error(`'${PREFIX}token.endpoint.url' is no URL`)
  if (url.username !== '' || url.password !== '')
    throw new Error(
      `'${PREFIX}token.endpoint.url' holds a user: give '${PREFIX}client.id' and '${PREFIX}client.secret' instead`
    )
  return { href: url.href, shown: `${url.origin}${url.pathname}` }
}

/** Why there is no connection stands behind a message that says no more than that there is none. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error
  return cause instanceof Error ? cause.message || String(cause) : message
}

/** A token that nobody has signed, for brokers that take those: RFC 7515, appendix A.5. `config` is as librdkafka has it. */
function unsecured(config: string): OAuthToken {
  const { principal = '', principalClaimName = 'sub', scope, lifeSeconds } = pairsOf(config, /\s+/)
  const { scopeClaimName = 'scope' } = pairsOf(config, /\s+/)
  const now = Math.floor(Date.now() / 1000)
  const end = now + Number(lifeSeconds ?? LIFETIME)
  const claims = {
    [principalClaimName]: principal,
    iat: now,
    exp: end,
    ...(scope === undefined ? {} : { [scopeClaimName]: scope.split(',') })
  }
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const tokenValue = `${part({ alg: 'none' })}.${part(claims)}.`
  return { tokenValue, lifetime: end * 1000, principal, extensions: {} }
}

function pairsOf(text: string, separator: string | RegExp): Record<string, string> {
  const words = text.split(separator).filter(word => word.includes('='))
  return Object.fromEntries(
    words.map(word => [word.slice(0, word.indexOf('=')).trim(), word.slice(word.indexOf('=') + 1)])
  )
}

/** Of a JSON Web Token; none of a token of another kind. */
function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()
    return JSON.parse(payload) as Record<string, unknown>
  } catch {
    return {}
  }
}
