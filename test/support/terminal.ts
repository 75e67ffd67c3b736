import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** Null: there is util-linux's `script`, which makes pseudo-terminals; else what to install. */
export function terminalMissing(): string | null {
  const { stdout } = spawnSync('script', ['--version'], { encoding: 'utf8' })
  return stdout?.includes('util-linux') === true ? null : "Debian's package bsdutils"
}

/** A program at a terminal of 100 columns. */
export class Terminal {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #exited: Promise<number | null>
  #output = ''
  #read = 0

  constructor(words: readonly string[], environment: Readonly<Record<string, string>>) {
    const program = words.map(word => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ')
    const command = `stty columns 100 rows 40; exec ${program}`
    this.#child = spawn('script', ['-qefc', command, '/dev/null'], {
      env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm', SHELL: '/bin/sh', ...environment }
    })
    this.#exited = once(this.#child, 'close').then(([code]) => code as number | null)
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text
    })
  }

  /** As from a keyboard: Return is `\r`. */
  type(text: string): void {
    this.#child.stdin.write(text)
  }

  /**
   * Resolves with what was printed since the last call, up to and with `end`: lines as a terminal shows them, without the
   * sequences that readline moves the cursor with.
   */
  async shows(end: string): Promise<string> {
    const deadline = Date.now() + 30_000
    for (;;) {
      const shown = withoutSequences(this.#output.slice(this.#read))
      const at = shown.indexOf(end)
      if (at >= 0) {
        this.#read = this.#output.length
        return shown.slice(0, at + end.length)
      }
      if (Date.now() > deadline || this.#child.exitCode !== null) {
        throw new Error(`"${end}" was not shown, but: ${JSON.stringify(shown)}`)
      }
      await sleep(10)
    }
  }

  exit(): Promise<number | null> {
    return this.#exited
  }

  [Symbol.dispose](): void {
    this.#child.kill('SIGKILL')
  }
}

function withoutSequences(output: string): string {
  return output.replace(/\u001b\[[\d;?]*[A-Za-z]/g, '').replace(/\r+\n/g, '\n')
}
