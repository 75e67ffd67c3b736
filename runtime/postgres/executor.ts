import type { Asked } from '../access/asked.ts'
import type { Denial } from '../access/denials.ts'
import type { ValueType } from '../contract/index.ts'
import {
  type Answer,
  answerDone,
  answerRows,
  answerTexts,
  type Refused,
  RefusedStatement,
  warning,
  wireColumns
} from './answer.ts'
import { answerCatalog, isCatalogQuery } from './catalog/index.ts'
import type { TransactionStatus, WireColumn } from './messages.ts'
import { readSessionCommand, type SessionCommand } from './session-command.ts'
import type { Settings } from './settings.ts'
import { SqlStateError } from './sql-state-error.ts'

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
  /** The types of the open literals; none where nobody knows. */
  readonly open: readonly ValueType[]
}

type TransactionCommand = Extract<
  SessionCommand,
  { kind: 'begin' | 'commit' | 'rollback' | 'savepoint' }
>

const CHANGE = /^(insert|update|delete)\b/i

/** Runs statements of one connection: those for the connection itself here, the others on the pipeline. */
export class Executor {
  status: TransactionStatus = 'I'
  readonly settings: Settings
  readonly #options: ExecutorOptions
  readonly #forget: (name: string | null) => void

  /** `forget`: drops a prepared statement, or all. */
  constructor(options: ExecutorOptions, settings: Settings, forget: (name: string | null) => void) {
    this.#options = options
    this.settings = settings
    this.#forget = forget
  }

  /** `text` is one statement, and begins with it. */
  async run(text: string, toOrigin: ToOrigin): Promise<Answer> {
    const command = readSessionCommand(text)
    this.#checkTransaction(command)
    if (command !== null) return this.#obey(command)
    if (isCatalogQuery(text)) return answerCatalog(text, this.#asked(), this.#options)
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
    if (command !== null) return { columns: command.kind === 'show' ? 'unknown' : null, open: [] }
    if (isCatalogQuery(text)) return { columns: 'unknown', open: [] }
    const described = this.#asked().describe(text, open)
    if (described.kind === 'refused') throw refusal(described, toOrigin)
    if (described.kind !== 'rows') return { columns: null, open: described.open }
    return {
      columns: described.columns === null ? 'unknown' : wireColumns(described.columns),
      open: described.open
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

  #obey(command: SessionCommand): Answer {
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
        this.#forget(null)
        return answerDone(command.tag)
      case 'nothing':
        return answerDone(command.tag)
      case 'refused':
        throw new SqlStateError('0A000', command.message, command.hint)
    }
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
