import type { Socket } from 'node:net'
import { type Frame, FrameReader } from './frames.ts'

/** The messages of a client, read as they are asked for: what it sends meanwhile stays with its kernel. */
export class Incoming {
  readonly #socket: Socket
  readonly #frames: FrameReader
  /** In ms: how long the rest of a message that has begun is waited for. */
  readonly #timeout: number
  #isOver = false
  #wake: () => void = () => {}

  constructor(socket: Socket, limit: number, timeout: number) {
    this.#socket = socket
    this.#frames = new FrameReader(limit)
    this.#timeout = timeout
    const over = (): void => {
      this.#isOver = true
      this.#wake()
    }
    socket.on('end', over).on('close', over)
    socket.on('data', (chunk: Buffer) => {
      this.#frames.add(chunk)
      socket.pause()
      this.#wake()
    })
    socket.pause()
  }

  /** The longest message that is taken from now on. */
  set limit(bytes: number) {
    this.#frames.limit = bytes
  }

  /** Whether more has come than was asked for. */
  get hasMore(): boolean {
    return this.#frames.waiting > 0
  }

  /** Null: the client has gone, or takes too long over a message. `isFirst`: see FrameReader. */
  async next(isFirst = false): Promise<Frame | null> {
    for (let deadline = 0; ;) {
      const frame = this.#frames.next(isFirst)
      if (frame !== null) return frame
      if (this.#isOver) return null
      // Between messages a client may take all the time it wants; not inside of one.
      if (this.hasMore && deadline === 0) deadline = performance.now() + this.#timeout
      const left = deadline === 0 ? null : deadline - performance.now()
      if (left !== null && left <= 0) return null
      await this.#more(left)
    }
  }

  /** Gives the socket to somebody else. */
  release(): void {
    this.#socket.removeAllListeners('data').removeAllListeners('end').removeAllListeners('close')
  }

  #more(timeout: number | null): Promise<void> {
    return new Promise(resolve => {
      const timer = timeout === null ? null : setTimeout(() => this.#wake(), timeout)
      this.#wake = () => {
        if (timer !== null) clearTimeout(timer)
        this.#wake = () => {}
        resolve()
      }
      this.#socket.resume()
    })
  }
}
