import { Writable } from 'node:stream'
import type { WriteStream } from 'node:tty'

/**
 * What readline draws on. While a statement runs, what is typed ahead is not shown: it is when its turn comes, behind the
 * answer to what came before it.
 */
export class Screen extends Writable {
  readonly #terminal: WriteStream
  isMuted = false

  constructor(terminal: WriteStream) {
    super({ decodeStrings: false })
    this.#terminal = terminal
    terminal.on('resize', this.#resized)
  }

  readonly #resized = (): void => void this.emit('resize')

  /** Readline breaks lines here. */
  get columns(): number {
    return this.#terminal.columns
  }

  override _write(chunk: string, _: BufferEncoding, done: () => void): void {
    if (!this.isMuted) this.#terminal.write(chunk)
    // At once: what waited here would be dropped by a mute that came after it.
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#terminal.off('resize', this.#resized)
    done(error)
  }
}
