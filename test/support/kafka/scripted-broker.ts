import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

const API = { produce: 0, metadata: 3, versions: 18, producerId: 22 }
const NODE = 1
const NO_LEADER = 5
const LOADING = 14

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
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** How many answers more say that nobody leads the partition. */
  #withoutLeader: number
  /** How many answers more give no producer id. */
  #withoutId: number
  /** Requests with records that came. */
  produced = 0

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
        socket.write(this.#answer(request))
      }
    })
  }

  #answer(request: Buffer): Buffer {
    const [key, correlation] = [request.readInt16BE(0), request.readInt32BE(4)]
    const body = new Body().int(32, correlation)
    // That of versions has the header of old.
    if (key !== API.versions) body.noTags()
    if (key === API.versions) writeVersions(body)
    else if (key === API.metadata) this.#writeMetadata(body)
    else if (key === API.producerId) this.#writeId(body)
    else if (key === API.produce) {
      this.produced++
      writeProduced(body)
    } else throw new Error(`nobody has said what to answer to ${key}`)
    const bytes = body.bytes
    const size = Buffer.alloc(4)
    size.writeInt32BE(bytes.length)
    return Buffer.concat([size, bytes])
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

  #writeMetadata(body: Body): void {
    const isLed = this.#withoutLeader-- <= 0
    body.int(32, 0)
    body.list([this.port], port => {
      body.int(32, NODE).text('127.0.0.1').int(32, port).text(null).noTags()
    })
    body.text('cluster').int(32, NODE)
    body.list(['t'], name => {
      body.int(16, 0).text(name).int(64, 0).int(64, 0).int(8, 0)
      body.list([0], partition => {
        body.int(16, isLed ? 0 : NO_LEADER).int(32, partition)
        body.int(32, isLed ? NODE : -1).int(32, 0)
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
  body.list(Object.values(API), key => {
    body.int(16, key).int(16, 0).int(16, 12).noTags()
  })
  body.int(32, 0).noTags()
}

function writeProduced(body: Body): void {
  body.list(['t'], name => {
    body.text(name)
    body.list([0], partition => {
      body.int(32, partition).int(16, 0).int(64, 0).int(64, -1).int(64, 0)
      body.list([], () => {})
      body.text(null).noTags()
    })
    body.noTags()
  })
  body.int(32, 0).noTags()
}
