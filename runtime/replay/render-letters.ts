import { printable } from '../observe/printable.ts'
import { type DeadLetter, whyNot } from './dead-letter.ts'

const SHOWN = 200

/** How many letters there are of each kind, most first. */
export class LetterCounts {
  readonly #kinds = new Map<string, { cells: string[]; count: number; left: number }>()
  #count = 0
  #left = 0
  #able = 0
  /** Why letters that are left can't be written back, and how many. */
  readonly unable = new Map<string, number>()

  add(letter: DeadLetter, isReplayed: boolean): void {
    const { error } = letter
    const cells = [
      error['code'] ?? '?',
      error['source'] ?? error['sink'] ?? error['topic'] ?? '?',
      [error['statement'], error['position']].filter(text => text !== undefined).join(' '),
      error['message'] ?? ''
    ]
    // The message is an example: it may name a place in the record.
    const key = JSON.stringify(cells.slice(0, 3))
    const kind = this.#kinds.get(key) ?? { cells, count: 0, left: 0 }
    this.#kinds.set(key, kind)
    kind.count++
    this.#count++
    if (isReplayed) return
    kind.left++
    this.#left++
    const why = whyNot(letter)
    if (why === null) this.#able++
    else this.unable.set(why, (this.unable.get(why) ?? 0) + 1)
  }

  /** How many are left that can be written back. */
  get able(): number {
    return this.#able
  }

  render(topic: string): string {
    const head = `${topic}: ${this.#count} dead letters, ${this.#left} not written back yet\n`
    const kinds = [...this.#kinds.values()].sort((a, b) => b.count - a.count)
    if (kinds.length === 0) return head
    const rows = [
      ['count', 'left', 'code', 'of', 'statement', 'for example'],
      ...kinds.map(({ cells, count, left }) => [
        String(count),
        String(left),
        ...cells.map(cell => printable(cell).slice(0, 100))
      ])
    ]
    const widths = rows[0]!.map((_, i) => Math.max(...rows.map(row => row[i]!.length)))
    const lines = rows.map(row =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd()
    )
    return `${head}\n${lines.map(line => `  ${line}\n`).join('')}`
  }
}

/** One letter with all that is known of it. Values are untrusted: nothing of them moves a cursor. */
export function renderLetter(letter: DeadLetter, isReplayed: boolean): string {
  const { topic, partition, offset, timestamp, error, key, value, headers } = letter
  const lines = [
    `${topic}[${partition}]@${offset}  ${new Date(timestamp).toISOString()}${isReplayed ? '  written back' : ''}`,
    ...Object.entries(error).map(
      ([name, text]) => `  ${printable(name).padEnd(10)} ${printable(text)}`
    ),
    `  ${'key'.padEnd(10)} ${show(key)}`,
    `  ${'value'.padEnd(10)} ${show(value)}`,
    ...headers.map(header => `  header     ${printable(header.key)}: ${show(header.value)}`)
  ]
  return `${lines.join('\n')}\n\n`
}

function show(bytes: Uint8Array | null): string {
  if (bytes === null) return 'NULL'
  const text = printable(Buffer.from(bytes.subarray(0, SHOWN)).toString())
  return bytes.length > SHOWN ? `${text}... (${bytes.length} bytes)` : text
}
