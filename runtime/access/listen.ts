import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { EnvironmentError } from '../observe/environment-error.ts'

/** Where a pipeline is reached. */
export interface Listening {
  /** An address of the machine; null: the loopback interface, where who only asks needs no token. */
  readonly host: string | null
  /** In PEM; null: what is sent can be read on its way. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null
}

/** The port that it listens on: `port`, or any free one for 0. `flag`: what a person gives the port with. */
export async function listenOn(
  server: Server,
  port: number,
  host: string | null,
  flag: string
): Promise<number> {
  server.listen(port, host ?? '127.0.0.1')
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
