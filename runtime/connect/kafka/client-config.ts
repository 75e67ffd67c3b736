export type ClientConfig = Record<string, string | number | boolean>

/** Settings that consumers and producers share. `properties` are the script's CONFIG, with secrets resolved: they win. */
export function clientConfig(
  brokers: string,
  properties: Readonly<Record<string, string>>,
  defaults: ClientConfig
): ClientConfig {
  return {
    'metadata.broker.list': brokers,
    'client.id': 'miraclec',
    // A broker that comes back is found within seconds, one that stays away is not hammered. librdkafka makes half of the
    // first back-off the least time between two connections: with 100 ms every client's start takes 40 ms longer.
    'reconnect.backoff.ms': 20,
    'reconnect.backoff.max.ms': 5000,
    'socket.keepalive.enable': true,
    ...defaults,
    ...properties
  }
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
