import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { BrokerAddress, ConnectionSettings } from '../wire/broker-connection.ts'
import type { Login } from '../wire/log-in.ts'
import type { ClientConfig, RefreshToken } from './client-config.ts'
import { SOCKET_TIMEOUT } from './make-client-config.ts'

export interface WireSettings {
  readonly brokers: readonly BrokerAddress[]
  readonly connection: ConnectionSettings
  readonly login: Login | null
}

/** The settings of librdkafka that our own connections follow. */
const FOLLOWED = new Set([
  'socket.timeout.ms',
  'security.protocol',
  'sasl.mechanism',
  'sasl.mechanisms',
  'sasl.username',
  'sasl.password',
  'ssl.ca.location',
  'ssl.ca.pem',
  'ssl.certificate.location',
  'ssl.certificate.pem',
  'ssl.key.location',
  'ssl.key.pem',
  'ssl.key.password',
  'ssl.endpoint.identification.algorithm',
  'enable.ssl.certificate.verification',
  'oauthbearer_token_refresh_cb'
])
/** Those that say how brokers are reached, or which of them. */
const REACHING =
  /^(enable\.)?(sasl|ssl|security|socket|broker|connections)\.|^client\.(rack|dns)|^oauthbearer_/
/** Keeping a connection alive is nothing that changes what comes through it. */
const HARMLESS = new Set([
  'socket.keepalive.enable',
  'socket.nagle.disable',
  'broker.version.fallback'
])
const DEFAULT_PORT = 9092
/** How our own connections reach the brokers that a client of librdkafka reaches; a text: a setting that they can't follow. */
export function wireSettings(config: ClientConfig): WireSettings | string {
  const unknown = Object.keys(config).find(
    name => REACHING.test(name) && !FOLLOWED.has(name) && !HARMLESS.has(name)
  )
  if (unknown !== undefined) return unknown
  const text = (name: string): string | null => (name in config ? String(config[name]) : null)
  const protocol = (text('security.protocol') ?? 'plaintext').toLowerCase()
  const login = protocol.startsWith('sasl') ? loginOf(config, text) : null
  if (typeof login === 'string') return login
  const isEncrypted = protocol.endsWith('ssl')
  return {
    brokers: brokersOf(String(config['metadata.broker.list'])),
    connection: {
      clientId: text('client.id') ?? 'miraclec',
      tls: isEncrypted ? tlsOf(text) : null,
      timeout: Number(config['socket.timeout.ms'] ?? SOCKET_TIMEOUT)
    },
    login
  }
}

function loginOf(config: ClientConfig, text: (name: string) => string | null): Login | string {
  const name = config['sasl.mechanisms'] === undefined ? 'sasl.mechanism' : 'sasl.mechanisms'
  const mechanism = text(name)?.toUpperCase()
  const user = text('sasl.username') ?? ''
  const password = text('sasl.password') ?? ''
  switch (mechanism) {
    case 'PLAIN':
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-512':
      return { mechanism, user, password }
    case 'OAUTHBEARER': {
      const token = config['oauthbearer_token_refresh_cb'] as RefreshToken | undefined
      return token === undefined ? name : { mechanism, token }
    }
    default:
      return name
  }
}

/** `host:port`, also with a protocol before it, separated by commas. */
function brokersOf(list: string): BrokerAddress[] {
  return list
    .split(',')
    .map(one => one.trim().replace(/^\w+:\/\//, ''))
    .filter(one => one !== '')
    .map(one => {
      const [, host, port] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(one)!
      return { host: host!, port: port === undefined ? DEFAULT_PORT : Number(port) }
    })
}

function tlsOf(text: (name: string) => string | null): ConnectionOptions {
  const material = (name: string): string | Buffer | null => {
    const location = text(`${name}.location`)
    return location === null ? text(`${name}.pem`) : readFileSync(location)
  }
  const ca = material('ssl.ca')
  const cert = material('ssl.certificate')
  const key = material('ssl.key')
  const passphrase = text('ssl.key.password')
  const isVerified = text('enable.ssl.certificate.verification')?.toLowerCase() !== 'false'
  const isNamed = text('ssl.endpoint.identification.algorithm')?.toLowerCase() !== 'none'
  return {
    ...(ca === null ? {} : { ca }),
    ...(cert === null ? {} : { cert }),
    ...(key === null ? {} : { key }),
    ...(passphrase === null ? {} : { passphrase }),
    rejectUnauthorized: isVerified,
    ...(isNamed ? {} : { checkServerIdentity: () => undefined })
  }
}
