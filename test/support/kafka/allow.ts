import { once } from 'node:events'
import { connect } from 'node:net'

/** Kafka's numbers of them: https://kafka.apache.org/protocol.html, CreateAcls */
const RESOURCES = { topic: 2, group: 3, cluster: 4, transactional_id: 5 } as const
const OPERATIONS = { read: 3, write: 4, create: 5, describe: 8, idempotent_write: 12 } as const
const CREATE_ACLS = 30
const VERSION = 1
const LITERAL = 3
const ALLOW = 3

export interface Permission {
  readonly user: string
  readonly operation: keyof typeof OPERATIONS
  readonly resource: keyof typeof RESOURCES
  readonly name: string
}

/** Allows users of a broker something, in Kafka's own protocol: the tests' client has no call for it. */
export async function allow(brokers: string, permissions: readonly Permission[]): Promise<void> {
  const acls = permissions.map(({ user, operation, resource, name }) =>
    Buffer.concat([
      ...[Buffer.of(RESOURCES[resource]), string(name), Buffer.of(LITERAL)],
      ...[string(`User:${user}`), string('*'), Buffer.of(OPERATIONS[operation], ALLOW)]
    ])
  )
  const head = [int16(CREATE_ACLS), int16(VERSION), int32(1), string('test')]
  const request = Buffer.concat([...head, int32(acls.length), ...acls])
  const [host, port] = brokers.split(':')
  const socket = connect(Number(port), host!)
  socket.write(Buffer.concat([int32(request.length), request]))
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  // Length, correlation id, throttle time, count of results, and the first one's error.
  const code = answer.readInt16BE(16)
  if (code !== 0) throw new Error(`Kafka's error ${code}`)
}

function string(text: string): Buffer {
  return Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)])
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2)
  buffer.writeInt16BE(value)
  return buffer
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32BE(value)
  return buffer
}
