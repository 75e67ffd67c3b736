import { isIP } from 'node:net'
import { isLoopback, type ListenOptions } from '../access/listen.ts'
import { readPort } from './read-port.ts'

/** How a running pipeline is reached from outside. */
export interface AccessOptions extends ListenOptions {
  /** Null: no HTTP server. */
  readonly port: number | null
  /** Null: no PostgreSQL server. */
  readonly pgPort: number | null
  /** What statements that change something need; null: see the environment. */
  readonly token: string | null
  /** A file that holds it. */
  readonly tokenFile: string | null
  /** Of an answer. */
  readonly maxRows: number
}

export const accessFlags: readonly string[] = [
  ...['--port', '--pg-port', '--listen', '--tls-cert', '--tls-key', '--token', '--token-file'],
  '--max-rows'
]

/** Something in front of the pipeline encrypts. */
export const NO_TLS = '--no-tls'

const MOST_ROWS = 100_000

/** The options, or what is wrong with them. `last`: the value of a flag. */
export function readAccess(
  last: (flag: string) => string | null,
  noTls: boolean
): AccessOptions | string {
  const port = readPort(last('--port'), '--port')
  if (typeof port === 'string') return port
  const pgPort = readPort(last('--pg-port'), '--pg-port')
  if (typeof pgPort === 'string') return pgPort
  const maxRows = Number(last('--max-rows') ?? MOST_ROWS)
  if (!Number.isSafeInteger(maxRows) || maxRows < 1) {
    return `--max-rows is a whole number from 1 on, not "${last('--max-rows')}"`
  }
  const [listen, tlsCert, tlsKey] = [last('--listen'), last('--tls-cert'), last('--tls-key')]
  const [token, tokenFile] = [last('--token'), last('--token-file')]
  const isAsked = port !== null || pgPort !== null
  if (!isAsked && (token !== null || tokenFile !== null)) {
    return 'a token is for statements from outside: give --port or --pg-port too'
  }
  if (!isAsked && (listen !== null || tlsCert !== null || tlsKey !== null)) {
    return '--listen, --tls-cert and --tls-key are of what listens: give --port or --pg-port too'
  }
  const problem = checkListening({ listen, tlsCert, tlsKey }, noTls)
  return problem ?? { port, pgPort, listen, tlsCert, tlsKey, token, tokenFile, maxRows }
}

function checkListening({ listen, tlsCert, tlsKey }: ListenOptions, noTls: boolean): string | null {
  if ((tlsCert === null) !== (tlsKey === null)) {
    return '--tls-cert and --tls-key go together: a certificate and its private key'
  }
  const hasTls = tlsCert !== null
  if (hasTls && noTls)
    return `${NO_TLS} says that there is none: leave --tls-cert and --tls-key out`
  if (listen === null) return null
  if (listen !== 'localhost' && isIP(listen) === 0) {
    return `--listen is an address of this machine, as 0.0.0.0 or ::, not "${listen}"`
  }
  if (isLoopback(listen) || hasTls || noTls) return null
  return `--listen ${listen} is reached from outside, where tokens and rows could be read on their way: give --tls-cert and --tls-key, or ${NO_TLS} where something in front of the pipeline encrypts`
}
