import { connect, isIP, type Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { type Answer, FrameReader } from './frame-reader.ts'
import { WireReader } from './wire-reader.ts'
import { WireWriter } from './wire-writer.ts'

/** A kind of request, in the one version of it that we speak. */
export interface Api {
  readonly name: string
  readonly key: number
  readonly version: number
  /** Since it is "flexible", its headers have tagged fields: KIP-482. */
  readonly isFlexible: boolean
}

export interface BrokerAddress {
  readonly host: string
  readonly port: number
}

export interface ConnectionSettings {
  readonly clientId: string
  /** Null: the connection is not encrypted. */
  readonly tls: ConnectionOptions | null
  /** How long a broker that should answer may be silent beyond the time that the request itself takes, in ms. */
  readonly timeout: number
}

/** Nobody answers at the other end, or not any more. */
export class ConnectionClosed extends Error {}

interface Waiting {
  readonly id: number
  readonly name: string
  /** How long the broker may be silent before it answers, in ms. */
  readonly patience: number
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** Who is there says so at once, in ms: librdkafka's `api.version.request.timeout.ms`. */
const OPEN_TIMEOUT = 10_000

/** A TCP or TLS connection to one broker. Answers come in the order of their requests. */
export class BrokerConnection {
  readonly #socket: Socket
  readonly #settings: ConnectionSettings
  readonly #frames: FrameReader
  readonly #waiting: Waiting[] = []
  #id = 0
  #failure: Error | null = null
  #tellClosed: () => void = () => {}

  private constructor(socket: Socket, settings: ConnectionSettings, frames: FrameReader) {
    this.#socket = socket
    this.#settings = settings
    this.#frames = frames
  }

  /** Rejects with the reason where nobody answers in time. */
  static async open(
    { host, port }: BrokerAddress,
    settings: ConnectionSettings
  ): Promise<BrokerConnection> {
    let connection: BrokerConnection | null = null
    const frames = new FrameReader(answer => connection!.#answer(answer))
    const onread = {
      buffer: () => frames.buffer(),
      callback: (count: number, place: Uint8Array) => {
        connection!.#read(count, place)
        return true
      }
    }
    const { tls } = settings
    const timeout = Math.min(settings.timeout, OPEN_TIMEOUT)
    const socket =
      tls === null
        ? connect({ host, port, noDelay: true, onread })
        : connectTls({ host, port, ...nameOf(host), ...tls, ...({ onread } as object) })
    connection = new BrokerConnection(socket, settings, frames)
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new ConnectionClosed('no answer to the connection')),
        timeout
      )
      const settle = (error?: Error): void => {
        clearTimeout(timer)
        if (error === undefined) resolve()
        else reject(error)
      }
      socket.once(tls === null ? 'connect' : 'secureConnect', () => settle())
      socket.once('error', settle)
      socket.once('close', () => settle(new ConnectionClosed('the broker closed the connection')))
    }).catch((error: unknown) => {
      socket.destroy()
      throw error
    })
    // Of silence: what is large takes long where the network is slow, and comes all the same.
    socket.on('timeout', () => connection.#fail(connection.#unanswered()))
    socket.on('error', error => connection.#fail(error))
    socket.on('close', () => connection.#fail(new ConnectionClosed('the connection closed')))
    return connection
  }

  get isOpen(): boolean {
    return this.#failure === null
  }

  /** `tell` is called when it closes without having been told to. */
  whenClosed(tell: () => void): void {
    this.#tellClosed = tell
  }

  /**
   * Sends a request; resolves with its answer from behind the header on, which is the caller's to release. `wait`: how long the
   * broker may take for it by itself, in ms. Rejects when the connection has closed.
   */
  async request(
    api: Api,
    write: (body: WireWriter) => void,
    wait = 0
  ): Promise<{ readonly answer: Answer; readonly body: WireReader }> {
    if (this.#failure !== null) throw this.#failure
    const id = (this.#id = (this.#id + 1) & 0x7fffffff)
    const request = new WireWriter().int16(api.key).int16(api.version).int32(id)
    request.string(this.#settings.clientId)
    if (api.isFlexible) request.noTags()
    write(request)
    const parts = request.parts()
    const length = Buffer.alloc(4)
    length.writeInt32BE(parts.reduce((sum, part) => sum + part.length, 0))
    const answer = await new Promise<Answer>((resolve, reject) => {
      const patience = this.#patienceFor(api) + wait
      this.#waiting.push({ id, name: api.name, patience, resolve, reject })
      if (this.#waiting.length === 1) this.#expect()
      this.#socket.cork()
      this.#socket.write(length)
      for (const part of parts) this.#socket.write(part)
      this.#socket.uncork()
    })
    const reader = new WireReader(answer.bytes, answer.start, answer.end)
    reader.int32()
    // So that any client can read it, this one's answer has a header without tags.
    if (api.isFlexible && api.key !== API_VERSIONS) reader.tags()
    return { answer, body: reader }
  }

  close(): void {
    this.#tellClosed = () => {}
    this.#fail(new ConnectionClosed('closed'))
  }

  #read(count: number, place: Uint8Array): void {
    if (this.#failure !== null) return
    try {
      this.#frames.read(count, place)
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #answer(answer: Answer): void {
    const [waiting] = this.#waiting
    const { bytes, start } = answer
    const id = new DataView(bytes.buffer, bytes.byteOffset + start).getInt32(0)
    if (waiting?.id !== id) {
      answer.release()
      throw new Error('an answer to another request')
    }
    this.#waiting.shift()
    this.#expect()
    waiting.resolve(answer)
  }

  #patienceFor({ key }: Api): number {
    const { timeout } = this.#settings
    return key === API_VERSIONS ? Math.min(timeout, OPEN_TIMEOUT) : timeout
  }

  /** The next answer has its time from now on; where none is due, silence means nothing. */
  #expect(): void {
    this.#socket.setTimeout(this.#waiting[0]?.patience ?? 0)
  }

  #unanswered(): ConnectionClosed {
    return new ConnectionClosed(`${this.#waiting[0]?.name ?? 'nothing'} was not answered in time`)
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return
    this.#failure = error
    this.#socket.destroy()
    this.#frames.release()
    for (const { reject } of this.#waiting.splice(0)) reject(error)
    this.#tellClosed()
  }
}

const API_VERSIONS = 18

/** Loaded where it is wanted: it takes 10 ms of a start. Not by `import()`: in an executable Node warns of that in the log. */
function connectTls(options: ConnectionOptions): Socket {
  const tls = process.getBuiltinModule('node:tls')
  // Like librdkafka, trust what the machine trusts.
  const ca = options.ca ?? tls.getCACertificates('system')
  return tls.connect({ ...options, ca })
}

/** What TLS calls the server; an address is none of its names. */
function nameOf(host: string): ConnectionOptions {
  return isIP(host) === 0 ? { servername: host } : {}
}
