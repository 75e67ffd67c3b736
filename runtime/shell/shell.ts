import { splitStatements } from './statement-text.ts'

/** How rows are shown: `fitting` is a box, or a line per value where that is wider than the screen. */
export type Display = 'box' | 'lines' | 'fitting'

/** What a line asks for. */
export interface Step {
  readonly statements: readonly string[]
  readonly told: string
  readonly leaves: boolean
}

const HELP = `Statements end with a semicolon and may have several lines:
  SELECT on tables and system.*, INSERT, UPDATE, DELETE, DESCRIBE,
  SHOW SOURCES|SINKS|TABLES|MODELS, ALTER SOURCE|SINK ... SET, DROP SOURCE|SINK
  What changes something needs the token.
  \\d            tables, sources and sinks
  \\d <name>     columns of a table or source, settings of a sink
  \\x            a line per value, or a box; \\x auto: what fits
  \\q, Ctrl-D    leave
  Ctrl-C        forget what was typed; while a statement runs, wait no longer
  Tab           complete a name or a word
`
const displays: Readonly<Record<string, Display>> = { on: 'lines', off: 'box', auto: 'fitting' }
const told: Readonly<Record<Display, string>> = {
  lines: 'a line per value\n',
  box: 'a box\n',
  fitting: 'a box, or a line per value where that is wider than the screen\n'
}

/** What has been typed of a statement, and what the commands of the shell set. */
export class Shell {
  /** Lines of a statement that has not ended. */
  text = ''
  display: Display = 'fitting'

  /** Says whether a statement goes on, and inside of what. */
  get prompt(): string {
    if (this.text === '') return 'sql> '
    return `  ${splitStatements(this.text).open ?? '-'}> `
  }

  take(line: string): Step {
    const isCommand = splitStatements(this.text).open === null && /^\s*\\/.test(line)
    if (isCommand) return this.#command(line.trim().replace(/;$/, ''))
    const word = line.trim().replace(/;$/, '').toLowerCase()
    if (this.text === '' && ['quit', 'exit'].includes(word)) return step({ leaves: true })
    if (this.text === '' && word === 'help') return step({ told: HELP })
    const { statements, rest } = splitStatements(`${this.text}${line}\n`)
    this.text = rest
    return step({ statements })
  }

  #command(line: string): Step {
    const [word, name] = line.split(/\s+/)
    switch (word) {
      case '\\q':
        return step({ leaves: true })
      case '\\x':
        this.display = displays[name ?? ''] ?? (this.display === 'lines' ? 'box' : 'lines')
        return step({ told: `rows are shown as ${told[this.display]}` })
      case '\\d': {
        const lists = ['SHOW TABLES', 'SHOW SOURCES', 'SHOW SINKS']
        return step({ statements: name === undefined ? lists : [`DESCRIBE ${name}`] })
      }
      case '\\?':
      case '\\h':
      case '\\help':
        return step({ told: HELP })
      default:
        return step({ told: `there is no command ${word}; \\? lists them\n` })
    }
  }
}

function step(parts: Partial<Step>): Step {
  return { statements: [], told: '', leaves: false, ...parts }
}
