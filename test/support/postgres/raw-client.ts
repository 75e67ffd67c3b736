import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

export interface RawMessage {
  readonly type: string
  readonly body: Buffer
}

/** Text with the zero byte that ends it. */
export function cstring(text: string): Buffer {
  return Buffer.from(`${text}\0`)
}

export function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2)
  buffer.writeInt16BE(value)
  return buffer
}

export function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeInt32BE(value)
  return buffer
}

/** A client that sends any bytes, and hands over the messages that come back. It shares no code with the server. */
export class RawClient {
  readonly socket: Socket
  #bytes = Buffer.alloc(0)
  #isOver = false
  #wake: () => void = () => {}

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', chunk => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      this.#wake()
    })
    const over = (): void => {
      this.#isOver = true
      this.#wake()
    }
    socket.on('close', over).on('end', over).on('error', over)
  }

  static async connect(port: number): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new RawClient(socket)
  }

  /** Connected, and logged in without a password. */
  static async open(port: number, user = 'reader', database = user): Promise<RawClient> {
    const client = await RawClient.connect(port)
    client.start({ user, database })
    await client.untilReady()
    return client
  }

  start(parameters: Readonly<Record<string, string>>, code = 196_608): void {
    const pairs = Object.entries(parameters).flatMap(pair => pair.map(cstring))
    const body = Buffer.concat([int32(code), ...pairs, Buffer.of(0)])
    this.socket.write(Buffer.concat([int32(body.length + 4), body]))
  }

  send(type: string, ...parts: readonly Buffer[]): void {
    const body = Buffer.concat(parts)
    this.socket.write(Buffer.concat([Buffer.from(type), int32(body.length + 4), body]))
  }

  /** One byte, as the answer to a request for TLS is; null at the end. */
  async byte(): Promise<string | null> {
    while (this.#bytes.length < 1 && !this.#isOver) await this.#more()
    const text = this.#bytes.length < 1 ? null : this.#bytes.toString('latin1', 0, 1)
    this.#bytes = this.#bytes.subarray(1)
    return text
  }

  /** Null at the end. */
  async message(): Promise<RawMessage | null> {
    for (;;) {
      const length = this.#bytes.length < 5 ? Infinity : this.#bytes.readInt32BE(1) + 1
      if (this.#bytes.length >= length) {
        const message = {
          type: this.#bytes.toString('latin1', 0, 1),
          body: this.#bytes.subarray(5, length)
        }
        this.#bytes = this.#bytes.subarray(length)
        return message
      }
      if (this.#isOver) return null
      await this.#more()
    }
  }

  /** All messages up to the next ReadyForQuery, or to the end. */
  async untilReady(): Promise<readonly RawMessage[]> {
    const messages: RawMessage[] = []
    for (;;) {
      const message = await this.message()
      if (message !== null) messages.push(message)
      if (message === null || message.type === 'Z') return messages
    }
  }

  /** The one value of a query, through the extended protocol. */
  async ask(sql: string, format: 0 | 1): Promise<readonly RawMessage[]> {
    this.send('P', cstring(''), cstring(sql), int16(0))
    this.send('B', cstring(''), cstring(''), int16(0), int16(0), int16(1), int16(format))
    this.send('D', Buffer.from('P'), cstring(''))
    this.send('E', cstring(''), int32(0))
    this.send('S')
    return this.untilReady()
  }

  close(): void {
    this.socket.destroy()
  }

  #more(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }
}

/** The fields of an error or a notice, by their letters. */
export function reportFields({ body }: RawMessage): Readonly<Record<string, string>> {
  const fields = body
    .toString()
    .split('\0')
    .filter(field => field !== '')
  return Object.fromEntries(fields.map(field => [field[0]!, field.slice(1)]))
}

/** A value as a server sends it, and what it says of its type. */
export interface WireValue {
  readonly oid: number
  readonly size: number
  readonly modifier: number
  /** Null: NULL; binary values in hexadecimal. */
  readonly text: string | null
  readonly binary: string | null
}

/** What a query of one value gives, in both formats. */
export async function askWireValue(client: RawClient, sql: string): Promise<WireValue> {
  const [text, binary] = [await client.ask(sql, 0), await client.ask(sql, 1)]
  const described = text.find(({ type }) => type === 'T')
  if (described === undefined)
    throw new Error(`${sql}: ${text.map(one => one.body.toString()).join()}`)
  const facts = described.body.subarray(described.body.indexOf(0, 2) + 7)
  return {
    oid: facts.readInt32BE(0),
    size: facts.readInt16BE(4),
    modifier: facts.readInt32BE(6),
    text: valueOf(text)?.toString() ?? null,
    binary: valueOf(binary)?.toString('hex') ?? null
  }
}

function valueOf(messages: readonly RawMessage[]): Buffer | null {
  const row = messages.find(({ type }) => type === 'D')
  if (row === undefined) throw new Error(messages.map(({ body }) => body.toString()).join())
  return row.body.readInt32BE(2) < 0 ? null : row.body.subarray(6)
}
