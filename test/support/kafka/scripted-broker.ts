import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

const API = { produce: 0, metadata: 3, coordinator: 10, versions: 18, producerId: 22 }
/** Those that a producer of transactions wants to be there, and nobody here asks. */
const OTHERS = [2, 24, 25, 26, 28]
const NO_LEADER = 5
const LOADING = 14
const UNKNOWN_TOPIC = 3

/** The types of Kafka's protocol, as the tests have them. */
class Body {
  readonly #parts: Buffer[] = []

  get bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }

  /** An integer of so many bits; their lengths and counts are below 127 here, so that one byte is a varint too. */
  int(bits: 8 | 16 | 32 | 64, value: number): this {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64BE(BigInt(value))
    this.#parts.push(bytes.subarray(8 - bits / 8))
    return this
  }

  text(value: string | null): this {
    if (value === null) return this.int(8, 0)
    this.int(8, value.length + 1).#parts.push(Buffer.from(value))
    return this
  }

  list<T>(values: readonly T[], write: (value: T) => void): this {
    this.int(8, values.length + 1)
    values.forEach(write)
    return this
  }

  noTags(): this {
    return this.int(8, 0)
  }
}

/** Answers what a producer asks, as a broker does that has just been told of a topic with one partition: others do not answer so on demand. */
export class ScriptedBroker {
  static #nodes = 0
  readonly node = ++ScriptedBroker.#nodes
  /** Who it says is there. */
  cluster: readonly ScriptedBroker[] = [this]
  /** Who it says leads the partition. */
  leader: ScriptedBroker = this
  /** There is no topic. */
  hasNoTopic = false
  /** Records are not answered before `release`. */
  isHolding = false
  readonly #held: ((error: number) => void)[] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** How many answers more say that nobody leads the partition. */
  #withoutLeader: number
  /** How many answers more give no producer id. */
  #withoutId: number
  /** Requests with records that came. */
  produced = 0
  /** Records that it has said to have. */
  acknowledged = 0

  private constructor(withoutLeader: number, withoutId: number) {
    this.#withoutLeader = withoutLeader
    this.#withoutId = withoutId
    this.#server = createServer(socket => this.#serve(socket))
  }

  static async start(withoutLeader: number, withoutId = 0): Promise<ScriptedBroker> {
    const broker = new ScriptedBroker(withoutLeader, withoutId)
    broker.#server.listen(0, '127.0.0.1')
    await once(broker.#server, 'listening')
    return broker
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Answers what was held with an error code, and holds nothing from now on. */
  release(error: number): void {
    this.isHolding = false
    for (const answer of this.#held.splice(0)) answer(error)
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    let waiting = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', chunk => {
      waiting = Buffer.concat([waiting, chunk])
      while (waiting.length >= 4 && waiting.length >= 4 + waiting.readInt32BE()) {
        const request = waiting.subarray(4, 4 + waiting.readInt32BE())
        waiting = waiting.subarray(4 + request.length)
        const [key, correlation] = [request.readInt16BE(0), request.readInt32BE(4)]
        if (key === API.produce) this.#take(socket, correlation, countRecords(request))
        else send(socket, this.#answer(key, correlation))
      }
    })
  }

  #take(socket: Socket, correlation: number, records: number): void {
    this.produced++
    const answer = (error: number): void => {
      if (error === 0) this.acknowledged += records
      const body = new Body().int(32, correlation).noTags()
      writeProduced(body, error)
      send(socket, body)
    }
    if (this.isHolding) this.#held.push(answer)
    else answer(0)
  }

  #answer(key: number, correlation: number): Body {
    const body = new Body().int(32, correlation)
    // That of versions has the header of old.
    if (key !== API.versions) body.noTags()
    if (key === API.versions) writeVersions(body)
    else if (key === API.metadata) this.#writeMetadata(body)
    else if (key === API.producerId) this.#writeId(body)
    else if (key === API.coordinator) this.#writeCoordinator(body)
    else throw new Error(`nobody has said what to answer to ${key}`)
    return body
  }

  #writeId(body: Body): void {
    const hasOne = this.#withoutId-- <= 0
    body
      .int(32, 0)
      .int(16, hasOne ? 0 : LOADING)
      .int(64, hasOne ? 7 : -1)
      .int(16, 0)
      .noTags()
  }

  #writeCoordinator(body: Body): void {
    body.int(32, 0).int(16, 0).text(null)
    body.int(32, this.node).text('127.0.0.1').int(32, this.port).noTags()
  }

  #writeMetadata(body: Body): void {
    const isLed = this.#withoutLeader-- <= 0
    body.int(32, 0)
    body.list(this.cluster, ({ node, port }) => {
      body.int(32, node).text('127.0.0.1').int(32, port).text(null).noTags()
    })
    body.text('cluster').int(32, this.node)
    body.list(['t'], name => {
      body
        .int(16, this.hasNoTopic ? UNKNOWN_TOPIC : 0)
        .text(name)
        .int(64, 0)
        .int(64, 0)
        .int(8, 0)
      body.list(this.hasNoTopic ? [] : [0], partition => {
        body.int(16, isLed ? 0 : NO_LEADER).int(32, partition)
        body.int(32, isLed ? this.leader.node : -1).int(32, 0)
        for (let nodes = 0; nodes < 3; nodes++) body.list([], () => {})
        body.noTags()
      })
      body.int(32, 0).noTags()
    })
    body.noTags()
  }
}

function writeVersions(body: Body): void {
  body.int(16, 0)
  body.list([...Object.values(API), ...OTHERS], key => {
    body.int(16, key).int(16, 0).int(16, 12).noTags()
  })
  body.int(32, 0).noTags()
}

function send(socket: Socket, { bytes }: Body): void {
  const size = Buffer.alloc(4)
  size.writeInt32BE(bytes.length)
  socket.write(Buffer.concat([size, bytes]))
}

/** How many the one batch of a request has. */
function countRecords(request: Buffer): number {
  // The header, which has the name of the client; no transaction, acks, time-out; one topic of one letter with one partition, its number.
  let pos = 8 + 2 + request.readInt16BE(8) + 1 + (1 + 2 + 4) + (1 + 2 + 1 + 4)
  // The length of the batch.
  while (request[pos++]! >= 0x80);
  return request.readInt32BE(pos + 57)
}

function writeProduced(body: Body, error: number): void {
  body.list(['t'], name => {
    body.text(name)
    body.list([0], partition => {
      body.int(32, partition).int(16, error).int(64, 0).int(64, -1).int(64, 0)
      body.list([], () => {})
      body.text(null).noTags()
    })
    body.noTags()
  })
  body.int(32, 0).noTags()
}
