import { createServer, type Socket } from 'node:net'
import { createSecureContext } from 'node:tls'
import { type Listening, listenOn } from '../access/listen.ts'
import { Connection, type ConnectionOptions, type Timeouts } from './connection.ts'
import { makeScramSecret } from './scram.ts'

export interface PostgresServer {
  readonly port: number
  close(): Promise<void>
}

export interface PostgresOptions extends Pick<
  ConnectionOptions,
  'current' | 'database' | 'report' | 'refused'
> {
  /** What changes need; null: none are made. */
  readonly token: string | null
  readonly timeouts?: Timeouts
}

const MOST_CONNECTIONS = 100
/** Beyond these, so that who is not let in is told why. */
const TOLD_SO = 20

/**
 * The pipeline as a PostgreSQL server, protocol 3.0: https://www.postgresql.org/docs/15/protocol.html. `--pg-port` 0 takes any free
 * port.
 */
export async function startPostgresServer(
  port: number,
  { host, isLocal, tls }: Listening,
  { token, timeouts, ...given }: PostgresOptions
): Promise<PostgresServer> {
  const connections = new Map<number, Connection>()
  let last = 0
  const options: ConnectionOptions = {
    ...given,
    secret: token === null ? null : makeScramSecret(token),
    closed: !isLocal,
    tls: tls === null ? null : createSecureContext(tls),
    isFull: () => connections.size > MOST_CONNECTIONS,
    cancel(processId, secret) {
      const connection = connections.get(processId)
      if (connection?.secret === secret) connection.cancel()
    }
  }
  const serve = async (socket: Socket): Promise<void> => {
    last = (last % 0x7fffffff) + 1
    const connection = new Connection(socket, last, options, timeouts)
    connections.set(connection.processId, connection)
    try {
      await connection.serve()
    } finally {
      connections.delete(connection.processId)
    }
  }
  const server = createServer({ allowHalfOpen: false, noDelay: true, keepAlive: true }, socket => {
    // Whatever becomes of a socket, its connection sees it as the end.
    socket.on('error', () => socket.destroy())
    serve(socket).catch(given.report)
  })
  server.maxConnections = MOST_CONNECTIONS + TOLD_SO
  const taken = await listenOn(server, port, host, '--pg-port')
  return {
    port: taken,
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      for (const connection of connections.values()) connection.shutDown()
      await closed
    }
  }
}
