import { type RefreshToken, withOAuthTokens } from './oauth-token.ts'

export type ClientConfig = Record<string, string | number | boolean | RefreshToken>

/** Settings that consumers and producers share. `properties` are the script's CONFIG, with secrets resolved: they win. */
export function clientConfig(
  brokers: string,
  properties: Readonly<Record<string, string>>,
  defaults: ClientConfig
): ClientConfig {
  return withOAuthTokens({
    'metadata.broker.list': brokers,
    'client.id': 'miraclec',
    // A broker that comes back is found within a second, as by Java's clients: a group or a transaction waits for three connections, one
    // after the other. librdkafka makes half of the first back-off the least time between two: with 100 ms every client's start
    // takes 40 ms longer.
    'reconnect.backoff.ms': 20,
    'reconnect.backoff.max.ms': 1000,
    'socket.keepalive.enable': true,
    'socket.timeout.ms': socketTimeout({ ...defaults, ...properties }),
    ...defaults,
    ...withoutOwn(properties)
  })
}

/** How long a broker may be silent, in ms: half of librdkafka's default, which waits no longer than a transaction may be open. */
export const SOCKET_TIMEOUT = 30_000

function socketTimeout({ 'transaction.timeout.ms': open = SOCKET_TIMEOUT }: ClientConfig): number {
  return Math.min(SOCKET_TIMEOUT, Number(open))
}

/** What says how we use our clients is nothing that they know. */
function withoutOwn(properties: Readonly<Record<string, string>>): Record<string, string> {
  const known = Object.entries(properties).filter(([name]) => !name.startsWith('miraclec.'))
  return Object.fromEntries(known)
}

const SECURITY = /^(enable\.)?(sasl|ssl|security)\.|^oauthbearer_/

/** Of a client's settings, what any client needs to get in. */
export function securityProperties(
  properties: Readonly<Record<string, string>>
): Record<string, string> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => SECURITY.test(name)))
}

/** What another client of the same brokers needs of this one's settings. */
export function securityOf(config: ClientConfig): ClientConfig {
  const wanted = Object.entries(config).filter(
    ([name]) => SECURITY.test(name) || /^(metadata|client)\./.test(name)
  )
  return Object.fromEntries(wanted)
}

interface KafkaError {
  readonly code?: number
  readonly message: string
}

export function errorCode(error: unknown): number {
  return (error as KafkaError).code ?? 0
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String((error as KafkaError).message)
}
