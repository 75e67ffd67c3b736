import { once } from 'node:events'
import { connect } from 'node:net'

const CREATE_ACLS = 30
const DELETE_ACLS = 31
const VERSION = 1
const TOPIC = 2
const LITERAL = 3
const ALL = 2
const WRITE = 4
const DENY = 2
const ALLOW = 3
const ANYBODY = 'User:ANONYMOUS'

/** What a broker needs that anybody may do what nobody has said anything about. */
export const withAcls = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'true'
}

/** Nobody may write to the topic from now on. Our client has no call for it. */
export async function denyWrites(brokers: string, topic: string): Promise<void> {
  const rule = (operation: number, permission: number): Buffer =>
    Buffer.concat([
      Buffer.from([TOPIC]),
      text(topic),
      Buffer.from([LITERAL]),
      ...[text(ANYBODY), text('*')],
      Buffer.from([operation, permission])
    ])
  await ask(brokers, CREATE_ACLS, [rule(ALL, ALLOW), rule(WRITE, DENY)])
}

/** Anybody may do anything with the topic again. */
export async function allowWrites(brokers: string, topic: string): Promise<void> {
  const any = Buffer.from([0xff, 0xff])
  const filter = Buffer.concat([
    Buffer.from([TOPIC]),
    text(topic),
    Buffer.from([LITERAL]),
    ...[any, any],
    // Any operation, any permission.
    Buffer.from([1, 1])
  ])
  await ask(brokers, DELETE_ACLS, [filter])
}

/** One request with an array; its answer is not looked at: what follows from it is what tests see. */
async function ask(brokers: string, api: number, items: readonly Buffer[]): Promise<void> {
  const [host, port] = brokers.split(':')
  const socket = connect(Number(port), host)
  const head = Buffer.alloc(8)
  head.writeInt16BE(api, 0)
  head.writeInt16BE(VERSION, 2)
  const body = Buffer.concat([head, text('test'), number(items.length), ...items])
  socket.write(Buffer.concat([number(body.length), body]))
  await once(socket, 'data')
  socket.destroy()
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(2)
  length.writeInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}
