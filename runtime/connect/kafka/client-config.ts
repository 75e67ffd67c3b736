/** What the addon hands on to librdkafka. */
export interface OAuthToken {
  readonly tokenValue: string
  /** When it ends, in ms since the epoch. */
  readonly lifetime: number
  readonly principal: string
  readonly extensions: Readonly<Record<string, string>>
}

export type RefreshToken = () => Promise<OAuthToken>

export type ClientConfig = Record<string, string | number | boolean | RefreshToken>

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
