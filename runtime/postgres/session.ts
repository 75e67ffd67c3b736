import { EnvironmentError } from '../observe/environment-error.ts'
import { isSqlFailure } from '../sql/failure.ts'
import { nextStatement, statementEnd } from '../sql/statement-bounds.ts'
import { type Answer, type Notice, RefusedStatement } from './answer.ts'
import type { Executor } from './executor.ts'
import { type ExtendedQuery } from './extended-query.ts'
import { FieldReader } from './field-reader.ts'
import type { Frame } from './frames.ts'
import {
  type Report,
  writeComplete,
  writeParameterStatus,
  writeReady,
  writeReport,
  writeRowDescription
} from './messages.ts'
import type { Output } from './output.ts'
import { ProtocolError } from './protocol-error.ts'
import { sendCopy } from './send-copy.ts'
import { sendRows } from './send-rows.ts'
import { SqlStateError } from './sql-state-error.ts'
import { sqlStateOf } from './sql-states.ts'
import { characterAt } from './statement-text.ts'

const asText = (): number => 0

/** A connection whose client has logged in: its messages, one after the other. */
export class Session {
  readonly #executor: Executor
  readonly #output: Output
  readonly #extended: ExtendedQuery
  /** For what nobody expected. */
  readonly #report: (error: unknown) => void
  /** After an error of the extended protocol, everything up to the next Sync is left out. */
  #isSkipping = false

  constructor(
    executor: Executor,
    output: Output,
    extended: ExtendedQuery,
    report: (error: unknown) => void
  ) {
    this.#executor = executor
    this.#output = output
    this.#extended = extended
    this.#report = report
  }

  /** Says that messages may come. */
  async begin(): Promise<void> {
    await this.#ready()
  }

  /** False: the client has said that it leaves. */
  async take({ type, body }: Frame): Promise<boolean> {
    const { writer } = this.#output
    if (type === 'X') return false
    if (type === 'S') {
      this.#isSkipping = false
      this.#extended.closePortals()
      return this.#ready()
    }
    if (this.#isSkipping) return true
    this.#output.begin()
    try {
      await this.#dispatch(type, new FieldReader(body))
    } catch (error) {
      if (error instanceof ProtocolError) throw error
      writer.abandon()
      writeReport(writer, this.#reportOf(error))
      if (error instanceof EnvironmentError) {
        await this.#output.flush()
        return false
      }
      if (this.#executor.status === 'T') this.#executor.status = 'E'
      this.#isSkipping = type !== 'Q' && type !== 'F'
    }
    if (type === 'Q' || type === 'F') return this.#ready()
    if (type === 'H' || this.#isSkipping) await this.#output.flush()
    return true
  }

  async #ready(): Promise<true> {
    writeReady(this.#output.writer, this.#executor.status)
    await this.#output.flush()
    return true
  }

  async #dispatch(type: string, fields: FieldReader): Promise<void> {
    switch (type) {
      case 'Q': {
        const text = fields.text()
        fields.end()
        return this.#runAll(text)
      }
      case 'P':
        return this.#extended.parse(fields)
      case 'B':
        return this.#extended.bind(fields)
      case 'D':
        return this.#extended.describe(fields)
      case 'E':
        return this.#extended.execute(fields)
      case 'C':
        return this.#extended.close(fields)
      case 'H':
        return fields.end()
      case 'F':
        throw new SqlStateError('0A000', 'functions are called in SELECT only')
      // Of a COPY that was refused: its data comes all the same.
      case 'd':
      case 'c':
      case 'f':
        return
      default:
        throw new ProtocolError('there is no such type of message')
    }
  }

  /** A simple query: its statements, one after the other. Changes that stand beside each other are made together. */
  async #runAll(text: string): Promise<void> {
    let start = nextStatement(text, 0)
    if (start < 0) this.#output.writer.begin('I').end()
    while (start >= 0) {
      const run = this.#changesFrom(text, start)
      const end = run.at(-1) ?? statementEnd(text, start)
      const from = start
      const toOrigin = (position: number): number => characterAt(text, from + position)
      const own = text.slice(start, end)
      if (run.length > 1) await this.#runBatch(own, text, start, run, toOrigin)
      else await this.#write(await this.#executor.run(own, toOrigin))
      start = nextStatement(text, end)
    }
  }

  /** The ends of the changes that follow each other from `start` on. */
  #changesFrom(text: string, start: number): readonly number[] {
    const ends: number[] = []
    for (let at = start; at >= 0 && this.#executor.isChange(text.slice(at, at + 10));) {
      const end = statementEnd(text, at)
      ends.push(end)
      at = nextStatement(text, end)
    }
    return ends
  }

  async #runBatch(
    own: string,
    text: string,
    start: number,
    ends: readonly number[],
    toOrigin: (position: number) => number
  ): Promise<void> {
    const counts = await this.#executor.runBatch(own, toOrigin)
    let at = start
    counts.forEach((count, i) => {
      const verb = /^\w+/.exec(text.slice(at, at + 10))![0].toUpperCase()
      writeComplete(
        this.#output.writer,
        verb === 'INSERT' ? `INSERT 0 ${count}` : `${verb} ${count}`
      )
      at = nextStatement(text, ends[i]!)
    })
  }

  async #write(answer: Answer): Promise<void> {
    const { writer } = this.#output
    switch (answer.kind) {
      case 'empty':
        writer.begin('I').end()
        return
      case 'done':
        this.#writeNotice(answer.notice)
        if (answer.tag === 'SET' || answer.tag === 'RESET') this.#tellSettings()
        return writeComplete(writer, answer.tag)
      case 'copy':
        return sendCopy(this.#output, answer)
      case 'rows':
        writeRowDescription(writer, answer.columns, asText)
        await sendRows(this.#output, answer.rows, answer.columns, asText)
        return writeComplete(writer, answer.tag(answer.rows.length))
    }
  }

  #writeNotice(notice: Notice | null): void {
    if (notice !== null) writeReport(this.#output.writer, { ...notice, sqlState: '00000' })
  }

  /** Clients keep what they were told of these. */
  #tellSettings(): void {
    const name = 'application_name'
    writeParameterStatus(this.#output.writer, name, this.#executor.settings.get(name)!)
  }

  #reportOf(error: unknown): Report {
    const severity = 'ERROR'
    if (error instanceof SqlStateError) {
      const { sqlState, message, hint } = error
      return { severity, sqlState, message, hint }
    }
    if (error instanceof RefusedStatement) {
      const { code, message, detail = null, hint = null } = error.refused
      const { position } = error
      return { severity, sqlState: sqlStateOf(code), message, detail, hint, position, code }
    }
    if (isSqlFailure(error)) {
      const { code, message } = error
      return { severity, sqlState: sqlStateOf(code), message, code }
    }
    if (error instanceof EnvironmentError) {
      return { severity: 'FATAL', sqlState: '57P01', message: error.message, hint: error.hint }
    }
    this.#report(error)
    return {
      severity,
      sqlState: 'XX000',
      message: 'internal error: the log of the pipeline says more'
    }
  }
}
