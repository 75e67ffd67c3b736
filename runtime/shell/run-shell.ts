import { createInterface, type Interface } from 'node:readline'
import type { WriteStream } from 'node:tty'
import type { LocalPipeline } from '../access/local-request.ts'
import { completeName, readNames } from './complete-name.ts'
import { type History, openHistory } from './history.ts'
import { Screen } from './screen.ts'
import { type Display, Shell } from './shell.ts'

/** Shows the answer; 0 when it was one. */
export type Ask = (statement: string, display: Display, signal: AbortSignal) => Promise<number>

const GREETING = 'Statements end with a semicolon; \\? helps, \\q leaves.\n'

/** A shell for a person at a terminal: lines until a semicolon are one statement. Ends with Ctrl-D or `\q`. */
export async function runShell(
  ask: Ask,
  pipeline: LocalPipeline,
  environment: Readonly<Record<string, string | undefined>>
): Promise<number> {
  // Where answers go to a file, the dialogue does not.
  const terminal = process.stdout.isTTY ? process.stdout : process.stderr
  const screen = new Screen(terminal)
  const history = openHistory(environment)
  const shell = new Shell()
  const lines = createInterface({
    input: process.stdin,
    output: screen,
    terminal: terminal.isTTY,
    history: [...history.entries],
    historySize: 1000,
    completer: (line: string, done: (error: null, found: [string[], string]) => void) => {
      // Each time: what there is may have changed since.
      void readNames(pipeline).then(names => done(null, completeName(line, shell.text, names)))
    }
  })
  terminal.write(GREETING)
  await new Dialogue(lines, { terminal, screen, shell, history, ask }).ended
  return 0
}

interface Parts {
  readonly terminal: WriteStream
  readonly screen: Screen
  readonly shell: Shell
  readonly history: History
  readonly ask: Ask
}

/** One line after the other; what is typed while a statement runs waits for its answer. */
class Dialogue {
  readonly #end = Promise.withResolvers<undefined>()
  readonly ended = this.#end.promise
  readonly #lines: Interface
  readonly #parts: Parts
  readonly #waiting: string[] = []
  /** As they were typed, until the statement is complete. */
  #typed: string[] = []
  #running: AbortController | null = null
  #closed = false

  constructor(lines: Interface, parts: Parts) {
    this.#lines = lines
    this.#parts = parts
    // Readline would remember lines; these are whole statements.
    lines.on('history', entries => {
      entries.splice(0, entries.length, ...parts.history.entries)
    })
    lines.on('line', line => {
      if (this.#running !== null) this.#waiting.push(line)
      else {
        this.#take(line)
        this.#goOn()
      }
    })
    lines.on('SIGINT', () => this.#interrupt())
    lines.on('close', () => {
      // Ctrl-D leaves the cursor behind the prompt.
      if (!this.#closed) parts.terminal.write('\n')
      this.#closed = true
      if (this.#running === null) this.#goOn()
    })
    this.#goOn()
  }

  #take(line: string): void {
    const { shell, history } = this.#parts
    const { statements, told, leaves } = shell.take(line)
    process.stdout.write(told)
    this.#typed.push(line)
    if (shell.text === '') {
      history.add(this.#typed.join('\n'))
      this.#typed = []
    }
    if (leaves) this.#leave()
    else if (statements.length > 0) {
      this.#run(statements).then(() => this.#goOn(), this.#end.reject)
    }
  }

  #leave(): void {
    this.#waiting.length = 0
    if (this.#closed) return
    this.#closed = true
    this.#lines.close()
  }

  async #run(statements: readonly string[]): Promise<void> {
    const { ask, screen, shell } = this.#parts
    const running = new AbortController()
    this.#running = running
    screen.isMuted = true
    try {
      for (const statement of statements) {
        if ((await ask(statement, shell.display, running.signal)) !== 0) break
      }
    } finally {
      screen.isMuted = false
      this.#running = null
    }
  }

  /** The lines that wait, as if they were typed now; then the prompt. */
  #goOn(): void {
    const { shell, terminal } = this.#parts
    while (this.#running === null) {
      const line = this.#waiting.shift()
      if (line === undefined) break
      terminal.write(`${shell.prompt}${line}\n`)
      this.#take(line)
    }
    if (this.#running !== null) return
    if (this.#closed) return this.#end.resolve(undefined)
    this.#lines.setPrompt(shell.prompt)
    this.#lines.prompt(true)
  }

  #interrupt(): void {
    this.#waiting.length = 0
    if (this.#running !== null) return this.#running.abort()
    const { shell, screen, terminal } = this.#parts
    shell.text = ''
    this.#typed = []
    this.#lines.write(null, { ctrl: true, name: 'e' })
    screen.isMuted = true
    this.#lines.write(null, { ctrl: true, name: 'u' })
    screen.isMuted = false
    terminal.write('^C\n')
    this.#goOn()
  }
}
