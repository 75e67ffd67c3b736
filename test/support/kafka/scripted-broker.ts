import { createServer, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WireWriter } from '../../../runtime/connect/wire/wire-writer.ts'

const API = { produce: 0, metadata: 3, versions: 18, producerId: 22 }
const NODE = 1
const NO_LEADER = 5

/** Answers what a producer asks, as a broker does that has just been told of a topic with one partition: others do not answer so on demand. */
export class ScriptedBroker {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** How many answers more say that nobody leads the partition. */
  #withoutLeader: number
  /** Requests with records that came. */
  produced = 0

  private constructor(withoutLeader: number) {
    this.#withoutLeader = withoutLeader
    this.#server = createServer(socket => this.#serve(socket))
  }

  static async start(withoutLeader: number): Promise<ScriptedBroker> {
    const broker = new ScriptedBroker(withoutLeader)
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
    const body = new WireWriter().int32(correlation)
    // That of versions has the header of old.
    if (key !== API.versions) body.noTags()
    if (key === API.versions) writeVersions(body)
    else if (key === API.metadata) this.#writeMetadata(body)
    else if (key === API.producerId) body.int32(0).int16(0).int64(7).int16(0).noTags()
    else if (key === API.produce) {
      this.produced++
      writeProduced(body)
    } else throw new Error(`nobody has said what to answer to ${key}`)
    const bytes = Buffer.concat(body.parts())
    const size = Buffer.alloc(4)
    size.writeInt32BE(bytes.length)
    return Buffer.concat([size, bytes])
  }

  #writeMetadata(body: WireWriter): void {
    const isLed = this.#withoutLeader-- <= 0
    body.int32(0)
    body.compactArray([this.port], port => {
      body.int32(NODE).compactString('127.0.0.1').int32(port).compactString(null).noTags()
    })
    body.compactString('cluster').int32(NODE)
    body.compactArray(['t'], name => {
      body.int16(0).compactString(name).raw(Buffer.alloc(16)).bool(false)
      body.compactArray([0], partition => {
        body.int16(isLed ? 0 : NO_LEADER).int32(partition)
        body.int32(isLed ? NODE : -1).int32(0)
        for (let nodes = 0; nodes < 3; nodes++) body.compactArray([], () => {})
        body.noTags()
      })
      body.int32(0).noTags()
    })
    body.noTags()
  }
}

function writeVersions(body: WireWriter): void {
  body.int16(0)
  body.compactArray(Object.values(API), key => {
    body.int16(key).int16(0).int16(12).noTags()
  })
  body.int32(0).noTags()
}

function writeProduced(body: WireWriter): void {
  body.compactArray(['t'], name => {
    body.compactString(name)
    body.compactArray([0], partition => {
      body.int32(partition).int16(0).int64(0).int64(-1).int64(0)
      body.compactArray([], () => {})
      body.compactString(null).noTags()
    })
    body.noTags()
  })
  body.int32(0).noTags()
}
