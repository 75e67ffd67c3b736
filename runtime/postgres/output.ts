import type { Socket } from 'node:net'
import { MessageWriter } from './message-writer.ts'
import { SqlStateError } from './sql-state-error.ts'

/** More than this is not left with a client that does not read. */
const HIGH_WATER = 1 << 20

/** A client is not read to for too long, or is gone: whatever waits for it ends. */
export class ClientGone extends Error {}

/** What goes to a client. It is sent when somebody says so. */
export class Output {
  readonly writer = new MessageWriter()
  readonly #socket: Socket
  readonly #timeout: number
  #isCancelled = false

  /** `timeout`: how long, in ms, a client that reads nothing is waited for. */
  constructor(socket: Socket, timeout: number) {
    this.#socket = socket
    this.#timeout = timeout
  }

  /** Ends the answer that is being sent. */
  cancel(): void {
    this.#isCancelled = true
  }

  /** A new answer begins. */
  begin(): void {
    this.#isCancelled = false
  }

  checkCancelled(): void {
    if (this.#isCancelled)
      throw new SqlStateError('57014', 'canceling statement due to user request')
  }

  /** Resolves when the client has read enough of it. */
  async flush(): Promise<void> {
    const socket = this.#socket
    if (this.writer.size > 0) socket.write(this.writer.take())
    if (socket.destroyed) throw new ClientGone('the client is gone')
    if (socket.writableLength > HIGH_WATER) await this.#drained()
  }

  #drained(): Promise<void> {
    const socket = this.#socket
    return new Promise((resolve, reject) => {
      let left = socket.writableLength
      // A slow client is waited for as long as it reads.
      const timer = setInterval(() => {
        if (socket.writableLength < left) left = socket.writableLength
        else finish(() => reject(new ClientGone('the client does not read its answer')))
      }, this.#timeout)
      const finish = (settle: () => void): void => {
        clearInterval(timer)
        socket.off('drain', drained).off('close', closed)
        settle()
      }
      const drained = (): void => finish(() => resolve())
      const closed = (): void => finish(() => reject(new ClientGone('the client is gone')))
      socket.once('drain', drained).once('close', closed)
    })
  }
}
