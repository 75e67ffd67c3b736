import type { Asked } from '../access/asked.ts'
import type { Denial } from '../access/denials.ts'
import {
  type Answer,
  answerDone,
  answerRows,
  answerTexts,
  type Refused,
  RefusedStatement,
  type Rows,
  warning,
  wireColumns
} from './answer.ts'
import { nextStatement } from '../sql/statement-bounds.ts'
import {
  answerCatalog,
  describeCatalog,
  isCatalogQuery,
  type SessionFacts
} from './catalog/index.ts'
import type { CopyCommand } from './copy-command.ts'
import type { CursorCommand } from './cursor-command.ts'
import type { TransactionStatus, WireColumn } from './messages.ts'
import { readSessionCommand, type SessionCommand } from './session-command.ts'
import type { Portals } from './portals.ts'
import type { Settings } from './settings.ts'
import { SqlStateError } from './sql-state-error.ts'
import { StatementText } from './statement-text.ts'
import { stepCursor } from './step-cursor.ts'
import { wireType } from './wire-type.ts'

/** Who asks, and what of. */
export interface ExecutorOptions {
  /** Null: it starts. */
  readonly current: () => Asked | null
  /** What changes are answered with; null: they are made. */
  readonly denial: Denial | null
  readonly user: string
  readonly database: string
  readonly processId: number
}

/** Where a position in a statement is for the client: in characters of what it has sent, from 1. */
export type ToOrigin = (position: number) => number

/** What a statement is, without running it. */
export interface Described {
  /** Null: it gives none. `unknown`: they show when it runs, which changes nothing. */
  readonly columns: readonly WireColumn[] | null | 'unknown'
  /** The OIDs of the types of the open literals; none where nobody knows. */
  readonly open: readonly number[]
}

type TransactionCommand = Extract<
  SessionCommand,
  { kind: 'begin' | 'commit' | 'rollback' | 'savepoint' }
>

/** What reads otherwise than by SELECT. */
type ReadCommand = CursorCommand | CopyCommand

const CHANGE = /^(insert|update|delete)\b/i

/** Runs statements of one connection: those for the connection itself here, the others on the pipeline. */
export class Executor {
  status: TransactionStatus = 'I'
  readonly settings: Settings
  readonly #options: ExecutorOptions
  readonly #portals: Portals
  readonly #forget: (name: string | null) => void

  /** `forget`: drops a prepared statement, or all. */
  constructor(
    options: ExecutorOptions,
    settings: Settings,
    portals: Portals,
    forget: (name: string | null) => void
  ) {
    this.#options = options
    this.settings = settings
    this.#portals = portals
    this.#forget = forget
  }

  /** `text` is one statement, and begins with it. */
  async run(text: string, toOrigin: ToOrigin): Promise<Answer> {
    const command = readSessionCommand(text)
    this.#checkTransaction(command)
    if (command !== null) {
      return reads(command) ? this.#read(command, text, toOrigin) : this.#obey(command)
    }
    if (this.#isCatalogQuery(text)) return this.#answerCatalog(text)
    if (this.status === 'T') this.#checkQuestion(text, toOrigin)
    return this.#ask(text, toOrigin)
  }

  /** Changes that stand beside each other: all are made, or none. */
  async runBatch(text: string, toOrigin: ToOrigin): Promise<readonly number[]> {
    this.#checkTransaction(null)
    if (this.status === 'T') throw changeInTransaction()
    const answer = await this.#asked().execute(text, this.#options.denial)
    if (answer.kind === 'refused') throw refusal(answer, toOrigin)
    return answer.kind === 'batch' ? answer.counts : answer.kind === 'changed' ? [answer.rows] : []
  }

  /** What a statement is; nothing is run. `open`: see Asked. */
  describe(text: string, open: readonly number[], toOrigin: ToOrigin): Described {
    const command = readSessionCommand(text)
    if (command !== null) return { columns: this.#columnsOf(command), open: [] }
    if (this.#isCatalogQuery(text)) {
      return describeCatalog(text, open, this.#asked(), this.#facts())
    }
    const described = this.#asked().describe(text, open)
    if (described.kind === 'refused') throw refusal(described, toOrigin)
    const types = described.open.map(type => wireType(type).oid)
    if (described.kind !== 'rows') return { columns: null, open: types }
    return {
      columns: described.columns === null ? 'unknown' : wireColumns(described.columns),
      open: types
    }
  }

  isChange(text: string): boolean {
    return CHANGE.test(text)
  }

  #asked(): Asked {
    const asked = this.#options.current()
    if (asked === null)
      throw new SqlStateError('57P03', 'the pipeline starts', 'Try again shortly.')
    return asked
  }

  #answerCatalog(text: string): Rows {
    return answerCatalog(text, this.#asked(), this.#facts())
  }

  #isCatalogQuery(text: string): boolean {
    return isCatalogQuery(text, () => this.#asked().relations())
  }

  #facts(): SessionFacts {
    const { settings } = this
    const { user, database, processId } = this.#options
    return {
      ...{ user, database, processId, now: Date.now() },
      setting: name => settings.get(name),
      settings: () => settings.all(),
      set: (name, value) => void settings.set(name, value)
    }
  }

  async #ask(text: string, toOrigin: ToOrigin): Promise<Answer> {
    const answer = await this.#asked().execute(text, this.#options.denial)
    switch (answer.kind) {
      case 'rows':
        return /^(show|list)\b/i.test(text) ? answerRows(answer, 'SHOW') : answerRows(answer)
      case 'changed':
        return answerDone(changeTag(answer.verb, answer.rows))
      case 'batch':
        throw new SqlStateError('42601', 'several statements stand where one is expected')
      case 'done': {
        const tag = text.toUpperCase().split(/\s+/, 2).join(' ')
        return answerDone(tag, { severity: 'NOTICE', message: answer.message })
      }
      case 'refused':
        throw refusal(answer, toOrigin)
    }
  }

  #checkTransaction(command: SessionCommand | null): void {
    if (this.status !== 'E') return
    const kind = command?.kind
    if (kind === 'commit' || kind === 'rollback') return
    if (command?.kind === 'savepoint' && command.recovers) return
    throw new SqlStateError(
      '25P02',
      'current transaction is aborted, commands ignored until end of transaction block'
    )
  }

  /** A change is committed when it is answered, so none could be taken back by ROLLBACK: better to say so before. */
  #checkQuestion(text: string, toOrigin: ToOrigin): void {
    const described = this.#asked().describe(text, [])
    if (described.kind === 'refused') throw refusal(described, toOrigin)
    if (described.kind !== 'rows') throw changeInTransaction()
  }

  /** A FETCH must not run to be described: it would go on. */
  #columnsOf(command: SessionCommand): Described['columns'] {
    if (command.kind === 'show') return 'unknown'
    if (command.kind !== 'fetch') return null
    const { answer } = this.#portals.get(command.name, 'cursor')
    return answer?.kind === 'rows' ? answer.columns : null
  }

  async #read(command: ReadCommand, text: string, toOrigin: ToOrigin): Promise<Answer> {
    switch (command.kind) {
      case 'declare':
        return this.#declare(command, text, toOrigin)
      case 'fetch':
      case 'move':
        return this.#step(command)
      case 'close':
        return this.#closeCursor(command.name)
      case 'copy': {
        const { query, queryStart, format } = command
        const { columns, rows } = await this.#rowsOf(query, at => toOrigin(queryStart + at))
        return { kind: 'copy', columns, rows, format }
      }
    }
  }

  #obey(command: Exclude<SessionCommand, ReadCommand>): Answer {
    const { settings } = this
    switch (command.kind) {
      case 'begin':
      case 'commit':
      case 'rollback':
      case 'savepoint':
        return this.#turn(command)
      case 'set':
        return answerDone('SET', warning(settings.set(command.name, command.value)))
      case 'show':
        return this.#show(command.name)
      case 'reset':
        settings.reset(command.name)
        return answerDone('RESET')
      case 'deallocate':
        this.#forget(command.name)
        return answerDone(command.name === null ? 'DEALLOCATE ALL' : 'DEALLOCATE')
      case 'discard':
        settings.reset(null)
        this.#portals.closeAll()
        this.#forget(null)
        return answerDone(command.tag)
      case 'nothing':
        return answerDone(command.tag)
      case 'refused':
        throw new SqlStateError('0A000', command.message, command.hint)
    }
  }

  /** The rows of a question that stands inside of another statement. */
  async #rowsOf(query: string, toOrigin: ToOrigin): Promise<Rows> {
    const start = nextStatement(query, 0)
    const own = query.slice(Math.max(0, start))
    const inOwn: ToOrigin = at => toOrigin(Math.max(0, start) + at)
    if (this.#isCatalogQuery(own)) return this.#answerCatalog(own)
    // What changes something is not even begun.
    const { kind } = this.#asked().describe(own, [])
    const answer = kind === 'rows' || kind === 'refused' ? await this.#ask(own, inOwn) : null
    if (answer?.kind === 'rows') return answer
    throw new SqlStateError('0A000', 'only what gives rows is read so')
  }

  async #declare(
    { name, queryStart, isHeld, isForward }: Extract<CursorCommand, { kind: 'declare' }>,
    text: string,
    toOrigin: ToOrigin
  ): Promise<Answer> {
    if (this.status === 'I' && !isHeld) {
      throw new SqlStateError(
        '25P01',
        'DECLARE CURSOR can only be used in transaction blocks',
        'BEGIN one, or declare it WITH HOLD.'
      )
    }
    this.#portals.check(name)
    const query = text.slice(queryStart)
    const answer = await this.#rowsOf(query, at => toOrigin(queryStart + at))
    const prepared = { statement: new StatementText(query), declared: [], origin: 0 }
    const options = { isHeld, isForward }
    this.#portals.open(name, { prepared, values: [], formats: [], answer, at: 0, ...options })
    return answerDone('DECLARE CURSOR')
  }

  #step({ kind, name, step }: Extract<CursorCommand, { kind: 'fetch' | 'move' }>): Answer {
    const portal = this.#portals.get(name, 'cursor')
    const rows = stepCursor(portal, step)
    if (kind === 'move' || portal.answer?.kind !== 'rows') return answerDone(`MOVE ${rows.length}`)
    return { ...portal.answer, rows, tag: count => `FETCH ${count}` }
  }

  #closeCursor(name: string | null): Answer {
    if (name === null) this.#portals.closeAll()
    else {
      this.#portals.get(name, 'cursor')
      this.#portals.close(name)
    }
    return answerDone(name === null ? 'CLOSE CURSOR ALL' : 'CLOSE CURSOR')
  }

  /** A transaction begins, ends or goes on. */
  #turn(command: TransactionCommand): Answer {
    const { status } = this
    if (command.kind === 'savepoint') {
      if (status !== 'I') {
        this.status = 'T'
        return answerDone(command.tag)
      }
      throw new SqlStateError('25P01', `${command.tag} can only be used in transaction blocks`)
    }
    if (command.kind === 'begin') {
      this.status = 'T'
      const told = status === 'T' ? 'there is already a transaction in progress' : null
      return answerDone('BEGIN', warning(told))
    }
    this.status = 'I'
    this.#portals.endTransaction()
    const told = status === 'I' ? 'there is no transaction in progress' : null
    const isKept = command.kind === 'commit' && status !== 'E'
    return answerDone(isKept ? 'COMMIT' : 'ROLLBACK', warning(told))
  }

  #show(name: string): Answer {
    if (name.toLowerCase() === 'all') {
      const rows = this.settings.all().map(([setting, value]) => [setting, value, ''])
      return answerTexts(['name', 'setting', 'description'], rows, 'SHOW')
    }
    const value = this.settings.get(name)
    if (value !== null) return answerTexts([name.toLowerCase()], [[value]], 'SHOW')
    throw new SqlStateError('42704', `unrecognized configuration parameter "${name}"`)
  }
}

function changeTag(verb: string, rows: number): string {
  return verb === 'INSERT' ? `INSERT 0 ${rows}` : `${verb} ${rows}`
}

function changeInTransaction(): SqlStateError {
  return new SqlStateError(
    '0A000',
    'a change is committed when it is answered, so it can stand in no transaction block',
    'Send changes that belong together in one message, or turn on autocommit in the driver.'
  )
}

function refusal(refused: Refused, toOrigin: ToOrigin): RefusedStatement {
  const { position } = refused
  return new RefusedStatement(refused, position === undefined ? null : toOrigin(position))
}

function reads(command: SessionCommand): command is ReadCommand {
  return /^(?:declare|fetch|move|close|copy)$/.test(command.kind)
}
