import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What fits on a disk that has room. */
const MUCH = 2n ** 63n - 1n
const READ_ONLY = -1n

/**
 * A machine of its own for a process: its clock can be set, and its disk gets full or read-only, while the process runs. What the
 * kernel would say is said by `machine.c`, so that no rights are needed: it is built by gcc, which builds librdkafka too. Clocks that
 * nobody can set go on as they do.
 */
export class Machine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'miraclec-machine-'))
  readonly #state: number
  /** The disk: a folder. */
  readonly disk = join(this.#folder, 'disk')

  constructor() {
    mkdirSync(this.disk)
    const source = join(import.meta.dirname, 'machine.c')
    execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-Wall', '-o', this.#library, source, '-ldl'])
    this.#state = openSync(this.#file, 'w')
    this.setClock(0)
    this.mendDisk()
  }

  get #library(): string {
    return join(this.#folder, 'machine.so')
  }

  get #file(): string {
    return join(this.#folder, 'state')
  }

  /** Of processes on this machine. */
  get environment(): Record<string, string> {
    return { LD_PRELOAD: this.#library, MACHINE_STATE: this.#file, MACHINE_DISK: this.disk }
  }

  /** So many seconds ahead of this machine's clock, or behind it. */
  setClock(seconds: number): void {
    this.#set(0, BigInt(seconds) * 1_000_000_000n)
  }

  /** So many bytes more fit; what files have can be written over, as on most file systems. */
  fillDisk(room = 0): void {
    this.#set(8, BigInt(room))
  }

  makeDiskReadOnly(): void {
    this.#set(8, READ_ONLY)
  }

  mendDisk(): void {
    this.#set(8, MUCH)
  }

  #set(place: number, value: bigint): void {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(value)
    writeSync(this.#state, bytes, 0, 8, place)
  }

  [Symbol.dispose](): void {
    closeSync(this.#state)
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
