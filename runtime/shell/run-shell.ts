import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { completeName, readNames } from './complete-name.ts'
import { splitStatements } from './split-statements.ts'

type Ask = (statement: string, expanded: boolean) => Promise<number>
type Environment = Readonly<Record<string, string | undefined>>

const HELP = `Statements end with a semicolon and may have several lines.
  \\d         tables, sources and sinks        \\d name   the columns of one
  \\x         one line per value, or a table   \\q        leave
`
const UNREACHABLE = 3

/** A shell for a person: lines until a semicolon are one statement. Ends with Ctrl-D or `\q`. */
export async function runShell(
  ask: Ask,
  port: number,
  token: string | null,
  environment: Environment
): Promise<number> {
  const history = openHistory(environment)
  let names: readonly string[] = await readNames(port, token)
  const lines = createInterface({
    input: process.stdin,
    output: process.stdout,
    history: history.lines,
    historySize: 1000,
    removeHistoryDuplicates: true,
    completer: (line: string) => completeName(line, names)
  })
  const shell = new Shell(ask, lines)
  lines.setPrompt('sql> ')
  lines.prompt()
  for await (const line of lines) {
    history.add(line)
    const code = await shell.take(line)
    if (code !== null) return code
    // Also what has been dropped meanwhile.
    if (shell.isBetween) names = await readNames(port, token)
    lines.setPrompt(shell.isBetween ? 'sql> ' : '  -> ')
    lines.prompt()
  }
  process.stdout.write('\n')
  return 0
}

class Shell {
  readonly #ask: Ask
  readonly #lines: Interface
  #text = ''
  #expanded = false

  constructor(ask: Ask, lines: Interface) {
    this.#ask = ask
    this.#lines = lines
  }

  get isBetween(): boolean {
    return this.#text.trim() === ''
  }

  /** An exit code when the shell is over. */
  async take(line: string): Promise<number | null> {
    if (this.isBetween && line.trimStart().startsWith('\\')) return this.#command(line.trim())
    const { statements, rest } = splitStatements(`${this.#text}${line}\n`)
    this.#text = rest.trim() === '' ? '' : rest
    return this.#askAll(statements)
  }

  async #command(line: string): Promise<number | null> {
    const [word, name] = line.split(/\s+/)
    switch (word) {
      case '\\q':
        this.#lines.close()
        return 0
      case '\\x':
        this.#expanded = !this.#expanded
        process.stdout.write(`expanded display is ${this.#expanded ? 'on' : 'off'}\n`)
        return null
      case '\\d': {
        const lists = ['SHOW TABLES', 'SHOW SOURCES', 'SHOW SINKS']
        return this.#askAll(name === undefined ? lists : [`DESCRIBE ${name.replace(/;$/, '')}`])
      }
      default:
        process.stdout.write(HELP)
        return null
    }
  }

  /** A refusal is told and that is all; without a pipeline there is nothing to go on with. */
  async #askAll(statements: readonly string[]): Promise<number | null> {
    for (const statement of statements) {
      const code = await this.#ask(statement, this.#expanded)
      if (code === UNREACHABLE) return code
      if (code !== 0) break
    }
    return null
  }
}

interface History {
  /** The last line first, as readline has it. */
  readonly lines: string[]
  add(line: string): void
}

/** Kept between shells in the user's own folder; where that can't be, for this one only. */
function openHistory({ XDG_STATE_HOME: state, HOME: home }: Environment): History {
  const own = state !== undefined && isAbsolute(state) ? state : home && join(home, '.local/state')
  if (own === undefined || own === '') return { lines: [], add: () => {} }
  const path = join(own, 'miraclec', 'sql-history')
  const add = (line: string): void => {
    try {
      mkdirSync(join(own, 'miraclec'), { recursive: true, mode: 0o700 })
      if (line.trim() !== '') appendFileSync(path, `${line}\n`, { mode: 0o600 })
    } catch {
      // A shell without a memory is still a shell.
    }
  }
  try {
    return { lines: readFileSync(path, 'utf8').trimEnd().split('\n').reverse().slice(0, 1000), add }
  } catch {
    return { lines: [], add }
  }
}
