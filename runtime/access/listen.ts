import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, BlockList, isIPv6, type Server } from 'node:net'
import { EnvironmentError } from '../observe/environment-error.ts'

/** Where a pipeline is reached. */
export interface Listening {
  /** An address of the machine. */
  readonly host: string
  /** On the loopback interface, where who only asks needs no token. */
  readonly isLocal: boolean
  /** In PEM; null: what is sent can be read on its way. */
  readonly tls: Certificate | null
}

export interface Certificate {
  readonly cert: Buffer
  readonly key: Buffer
}

export interface ListenOptions {
  /** Null: the loopback interface. */
  readonly listen: string | null
  /** Paths of a certificate, with those that vouch for it, and of its key. */
  readonly tlsCert: string | null
  readonly tlsKey: string | null
}

export const LOCAL: Listening = { host: '127.0.0.1', isLocal: true, tls: null }

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8)
loopback.addAddress('::1', 'ipv6')

export function isLoopback(host: string): boolean {
  return host === 'localhost' || loopback.check(host, isIPv6(host) ? 'ipv6' : 'ipv4')
}

/** Reads the certificate. From outside nobody gets an answer without the token, so there has to be one. */
export function openListening(
  { listen, tlsCert, tlsKey }: ListenOptions,
  token: string | null
): Listening {
  const host = listen ?? LOCAL.host
  const isLocal = isLoopback(host)
  if (!isLocal && token === null) {
    throw new EnvironmentError(
      `--listen ${host} needs a token: without one, anybody who reaches the port could ask what the tables hold`,
      'Set MIRACLEC_TOKEN or give --token-file; openssl rand -hex 32 makes a token.'
    )
  }
  if (tlsCert === null || tlsKey === null) return { host, isLocal, tls: null }
  const tls = { cert: readPem('--tls-cert', tlsCert), key: readPem('--tls-key', tlsKey) }
  try {
    // Loaded only where it is asked for.
    process.getBuiltinModule('node:tls').createSecureContext(tls)
  } catch (error) {
    throw new EnvironmentError(
      `--tls-cert and --tls-key: ${(error as Error).message}`,
      'They are files in PEM: a certificate with those that vouch for it, and its private key.'
    )
  }
  return { host, isLocal, tls }
}

export function readPem(flag: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new EnvironmentError(`${flag}: ${(error as Error).message}`)
  }
}

/** The port that it listens on: `port`, or any free one for 0. `flag`: what a person gives the port with. */
export async function listenOn(
  server: Server,
  port: number,
  host: string,
  flag: string
): Promise<number> {
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new EnvironmentError(
      code === 'EADDRINUSE' ? `port ${port} is taken` : `port ${port}: ${message}`,
      `Give another with ${flag}; 0 takes any free one.`
    )
  }
  // The pipeline decides how long the process lives.
  server.unref()
  return (server.address() as AddressInfo).port
}
