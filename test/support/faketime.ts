import { globSync, writeFileSync } from 'node:fs'

const LIBRARY = globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')[0]

/** Why clocks can't be moved on this machine, and what to do; null: they can. */
export function faketimeMissing(): string | null {
  return LIBRARY === undefined ? 'there is no libfaketime (Debian: apt-get install faketime)' : null
}

/** The wall clock of a process of its own: it can be moved while the process runs. What measures how long things take is left alone. */
export class MovedClock {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
    this.move(0)
  }

  get environment(): Record<string, string> {
    return {
      LD_PRELOAD: LIBRARY!,
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1'
    }
  }

  /** So many seconds ahead of the machine's clock, or behind it. */
  move(seconds: number): void {
    writeFileSync(this.#file, `${seconds < 0 ? '' : '+'}${seconds}\n`)
  }
}
