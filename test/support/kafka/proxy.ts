import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Between two portions of a connection that is throttled, in ms. */
const PORTION = 20
/** Bytes on their way in one direction of a connection: more wait at its end. */
const MOST_WAITING = 1 << 20

/**
 * A network between clients and a broker, whose advertised listener it is: it cuts, delays and throttles what goes through, in both
 * directions alike.
 */
export class Proxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** Of connections that nothing gets through any more. */
  #silenced = new AbortController()
  #target = 0
  #isCut = false
  #isHanging = false
  #delay = 0
  #bytesPerSecond = Infinity
  /** When the direction is free for more bytes: connections share it. */
  readonly #free = { up: 0, down: 0 }

  private constructor() {
    this.#server = createServer(client => this.#open(client))
  }

  static async start(): Promise<Proxy> {
    const proxy = new Proxy()
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** The broker's own port. */
  lead(port: number): void {
    this.#target = port
  }

  /** Ends all connections and takes no others. */
  cut(): void {
    this.#isCut = true
    this.drop()
  }

  /** Ends all connections; others may come. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Connections stay, others may come, and nothing gets through. */
  hang(): void {
    this.#isHanging = true
  }

  /** Nothing gets through the connections that there are, for good; others may come. */
  silence(): void {
    this.#silenced.abort()
    this.#silenced = new AbortController()
  }

  /** Everything arrives so many ms later. */
  delay(ms: number): void {
    this.#delay = ms
  }

  throttle(bytesPerSecond: number): void {
    this.#bytesPerSecond = bytesPerSecond
  }

  /** As if nothing had been. */
  mend(): void {
    this.#isCut = false
    this.#isHanging = false
    this.#delay = 0
    this.#bytesPerSecond = Infinity
  }

  async stop(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #open(client: Socket): void {
    if (this.#isCut) return void client.destroy()
    const broker = connect(this.#target, '127.0.0.1')
    const ends = [client, broker]
    for (const socket of ends) {
      this.#sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', () => {})
      socket.on('close', () => {
        this.#sockets.delete(socket)
        for (const end of ends) end.destroy()
      })
    }
    const { signal } = this.#silenced
    void this.#carry(client, broker, 'up', signal)
    void this.#carry(broker, client, 'down', signal)
  }

  async #carry(
    from: Socket,
    to: Socket,
    direction: 'up' | 'down',
    silenced: AbortSignal
  ): Promise<void> {
    let carried = Promise.resolve()
    let waiting = 0
    const carry = async (before: Promise<void>, chunk: Buffer, due: number): Promise<void> => {
      await before
      const wait = due - performance.now()
      if (wait > 1) await sleep(wait)
      while ((this.#isHanging || silenced.aborted) && !to.destroyed) await sleep(PORTION)
      await this.#throttled(chunk, to, direction)
      waiting -= chunk.length
    }
    try {
      for await (const chunk of from as AsyncIterable<Buffer>) {
        waiting += chunk.length
        // What comes later sets out now too: a delay takes no bandwidth.
        carried = carry(carried, chunk, performance.now() + this.#delay)
        carried.catch(() => to.destroy())
        if (waiting > MOST_WAITING) await carried
      }
      await carried
      to.end()
    } catch {
      // One end has closed: so does the other.
      to.destroy()
    }
  }

  async #throttled(chunk: Buffer, to: Socket, direction: 'up' | 'down'): Promise<void> {
    for (let from = 0; from < chunk.length && !to.destroyed;) {
      const limit = this.#bytesPerSecond
      const portion = chunk.subarray(from, from + Math.max(1, Math.ceil((limit * PORTION) / 1000)))
      from += portion.length
      if (limit < Infinity) await this.#turn(direction, portion.length / limit)
      if (!to.write(portion)) await Promise.race([once(to, 'drain'), once(to, 'close')])
    }
  }

  async #turn(direction: 'up' | 'down', seconds: number): Promise<void> {
    const start = Math.max(performance.now(), this.#free[direction])
    this.#free[direction] = start + seconds * 1000
    await sleep(Math.max(0, this.#free[direction] - performance.now()))
  }
}
