import type { ClientConfig } from './client-config.ts'
import { withOAuthTokens } from './oauth-token.ts'

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
