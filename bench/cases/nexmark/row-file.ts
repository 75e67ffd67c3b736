import { closeSync, openSync, writeSync } from 'node:fs'
import type { OutputBatch } from '../../../runtime/contract/index.ts'
import {
  type ChangelogFold,
  type ChangelogFormat,
  makeFold
} from '../../../test/support/changelog/fold-changelog.ts'

const CHUNK = 1 << 22

/** The rows that outputs come to, as a file with one per line. Rows that never change go there at once. */
export class RowFile {
  readonly #file: number
  readonly #fold: ChangelogFold | null
  #lines = ''

  constructor(path: string, format: ChangelogFormat) {
    this.#file = openSync(path, 'w')
    this.#fold = format === 'append' ? null : makeFold(format)
  }

  add(batch: OutputBatch): void {
    for (let i = 0; i < batch.count; i++) {
      const value = partOf(batch, batch.valueStart[i]!, batch.valueEnd[i]!)
      if (this.#fold === null) this.#write(String(value))
      else {
        const key = partOf(batch, batch.keyStart[i]!, batch.keyEnd[i]!)
        const op = batch.op[i] === 0 ? null : (String.fromCharCode(batch.op[i]!) as 'c' | 'u' | 'd')
        this.#fold.add({ key, value, op, timestamp: 0, partition: 0, error: null })
      }
    }
  }

  close(): void {
    for (const row of this.#fold?.rows() ?? []) this.#write(row)
    const problem = this.#fold?.problems[0]
    if (problem !== undefined) throw new Error(problem)
    writeSync(this.#file, this.#lines)
    closeSync(this.#file)
  }

  #write(row: string): void {
    this.#lines += `${row}\n`
    if (this.#lines.length < CHUNK) return
    writeSync(this.#file, this.#lines)
    this.#lines = ''
  }
}

function partOf({ bytes }: OutputBatch, start: number, end: number): Buffer | null {
  return start < 0 ? null : Buffer.from(bytes.subarray(start, end))
}
