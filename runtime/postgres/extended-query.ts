import { nextStatement, statementEnd } from '../sql/statement-bounds.ts'
import type { Answer } from './answer.ts'
import type { Executor } from './executor.ts'
import type { FieldReader } from './field-reader.ts'
import { type WireColumn, writeComplete, writeReport, writeRowDescription } from './messages.ts'
import type { Output } from './output.ts'
import type { Portals } from './portals.ts'
import {
  nextRows,
  type Portal,
  type PreparedStatement,
  readValue,
  sqlOfUnknown,
  sqlOfValue,
  type StatementFacts
} from './prepared.ts'
import { ProtocolError } from './protocol-error.ts'
import { sendCopy } from './send-copy.ts'
import { sendRows } from './send-rows.ts'
import { SqlStateError } from './sql-state-error.ts'
import { characterAt, StatementText } from './statement-text.ts'
import { wireType } from './wire-type.ts'

/** Of one connection: a driver that forgets to close them is told so. */
const MOST_KEPT = 1000

/**
 * Parse, Bind, Describe, Execute and Close.
 * https://www.postgresql.org/docs/15/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export class ExtendedQuery {
  readonly #output: Output
  readonly #statements = new Map<string, PreparedStatement>()
  readonly #portals: Portals
  readonly #executor: Executor

  constructor(output: Output, executor: Executor, portals: Portals) {
    this.#output = output
    this.#executor = executor
    this.#portals = portals
  }

  /** Null: all of them. */
  forget(name: string | null): void {
    if (name === null) this.#statements.clear()
    else this.#statements.delete(name)
  }

  /** At each Sync: portals live as long as their transaction. */
  closePortals(): void {
    if (this.#executor.status === 'I') this.#portals.endTransaction()
  }

  parse(fields: FieldReader): void {
    const name = fields.text()
    const text = fields.text()
    const declared = fields.list(() => fields.uint32())
    fields.end()
    const start = nextStatement(text, 0)
    const end = start < 0 ? text.length : statementEnd(text, start)
    if (start >= 0 && nextStatement(text, end) >= 0) {
      throw new SqlStateError('42601', 'cannot insert multiple commands into a prepared statement')
    }
    if (name !== '' && this.#statements.has(name)) {
      throw new SqlStateError('42P05', `prepared statement "${name}" already exists`)
    }
    if (this.#statements.size >= MOST_KEPT) {
      throw new SqlStateError('53400', `a connection keeps up to ${MOST_KEPT} prepared statements`)
    }
    const statement = new StatementText(start < 0 ? '' : text.slice(start, end))
    const prepared = { statement, declared, origin: characterAt(text, Math.max(0, start)) - 1 }
    this.#statements.set(name, prepared)
    this.#output.writer.begin('1').end()
  }

  bind(fields: FieldReader): void {
    const portal = fields.text()
    const prepared = this.#statement(fields.text())
    const formats = fields.list(() => fields.int16())
    const values = fields.list(() => {
      const length = fields.int32()
      return length === -1 ? null : fields.bytes(length)
    })
    const results = fields.list(() => fields.int16())
    fields.end()
    for (const format of [...formats, ...results]) {
      if (format !== 0 && format !== 1) throw new ProtocolError('a format is 0 or 1')
    }
    const { parameterCount } = prepared.statement
    const expected = Math.max(parameterCount, prepared.declared.length)
    if (values.length !== expected || (formats.length > 1 && formats.length !== values.length)) {
      throw new SqlStateError(
        '08P01',
        `bind message supplies ${values.length} parameters, but the prepared statement requires ${expected}`
      )
    }
    const bound = values.map((bytes, i) => {
      const format = formats.length === 1 ? formats[0]! : (formats[i] ?? 0)
      return readValue(bytes, format, this.#typeOf(prepared, i, format))
    })
    this.#portals.open(portal, { prepared, values: bound, formats: results, at: 0 })
    this.#output.writer.begin('2').end()
  }

  /** The type of a parameter: as declared; of a binary value without one, as the statement has told. */
  #typeOf(prepared: PreparedStatement, index: number, format: number): number {
    const declared = prepared.declared[index] ?? 0
    if (declared !== 0 || format === 0) return declared
    return this.#factsOf(prepared).parameters[index] ?? 0
  }

  async describe(fields: FieldReader): Promise<void> {
    const kind = String.fromCharCode(fields.byte())
    const name = fields.text()
    fields.end()
    const { writer } = this.#output
    if (kind === 'S') {
      const prepared = this.#statement(name)
      const { parameters, columns } = this.#factsOf(prepared)
      writer.begin('t').int16(parameters.length)
      for (const oid of parameters) writer.int32(oid)
      writer.end()
      const portal: Portal = { prepared, values: [], formats: [], at: 0 }
      return this.#writeColumns(columns === 'unknown' ? await this.#columnsOf(portal) : columns, [])
    }
    if (kind !== 'P') throw new ProtocolError('a statement or a portal is described')
    const portal = this.#portals.get(name, 'portal')
    // A cursor has run.
    const { columns } = portal.answer ? columnsOf(portal.answer) : this.#factsOf(portal.prepared)
    this.#writeColumns(
      columns === 'unknown' ? await this.#columnsOf(portal) : columns,
      portal.formats
    )
  }

  #writeColumns(columns: readonly WireColumn[] | null, formats: readonly number[]): void {
    const { writer } = this.#output
    if (columns === null) writer.begin('n').end()
    else writeRowDescription(writer, columns, formatsOf(formats, columns.length))
  }

  /** Of a statement that shows its columns by its answer, and changes nothing. */
  async #columnsOf(portal: Portal): Promise<readonly WireColumn[] | null> {
    await this.#run(portal)
    return columnsOf(portal.answer!).columns
  }

  async execute(fields: FieldReader): Promise<void> {
    const portal = this.#portals.get(fields.text(), 'portal')
    const most = Math.max(0, fields.int32())
    fields.end()
    const { writer } = this.#output
    if (portal.prepared.statement.text === '') {
      writer.begin('I').end()
      return
    }
    await this.#run(portal)
    const answer = portal.answer!
    if (answer.kind === 'copy') return sendCopy(this.#output, answer)
    if (answer.kind !== 'rows') {
      if (answer.kind === 'done') {
        if (answer.notice !== null) writeReport(writer, { ...answer.notice, sqlState: '00000' })
        writeComplete(writer, answer.tag)
      }
      return
    }
    const rows = nextRows(portal, most)
    await sendRows(
      this.#output,
      rows,
      answer.columns,
      formatsOf(portal.formats, answer.columns.length)
    )
    portal.at += rows.length
    if (portal.at < answer.rows.length) writer.begin('s').end()
    else writeComplete(writer, answer.tag(rows.length))
  }

  close(fields: FieldReader): void {
    const kind = String.fromCharCode(fields.byte())
    const name = fields.text()
    fields.end()
    if (kind === 'S') this.#statements.delete(name)
    else if (kind === 'P') this.#portals.close(name)
    else throw new ProtocolError('a statement or a portal is closed')
    this.#output.writer.begin('3').end()
  }

  /** Once: what follows reads on in its rows. */
  async #run(portal: Portal): Promise<void> {
    if (portal.answer !== undefined) return
    const { statement, origin } = portal.prepared
    const filled = statement.fill((index, isCount) => {
      const value = portal.values[index]
      // A question of the catalogue may be described before it has values.
      return value === undefined ? sqlOfUnknown(0, isCount) : sqlOfValue(value, isCount)
    })
    portal.answer = await this.#executor.run(
      filled.text,
      position => origin + characterAt(statement.text, statement.origin(filled, position))
    )
  }

  /** Types of parameters and columns; a statement that can't run is refused here. */
  #factsOf(prepared: PreparedStatement): StatementFacts {
    prepared.facts ??= this.#askFacts(prepared)
    return prepared.facts
  }

  #askFacts({ statement, declared, origin }: PreparedStatement): StatementFacts {
    const count = Math.max(statement.parameterCount, declared.length)
    const oids = Array.from({ length: count }, (_, i) => declared[i] ?? 0)
    if (statement.text === '') return { parameters: oids, columns: null }
    const filled = statement.fill((index, isCount) => sqlOfUnknown(oids[index]!, isCount))
    const open = filled.starts.filter(
      (start, i) => filled.text.startsWith("''", start) && oids[filled.parameters[i]!] === 0
    )
    const described = this.#executor.describe(
      filled.text,
      open,
      position => origin + characterAt(statement.text, statement.origin(filled, position))
    )
    filled.starts.forEach((start, i) => {
      const found = open.indexOf(start)
      const index = filled.parameters[i]!
      if (found >= 0) oids[index] = described.open[found] ?? wireType({ kind: 'Text' }).oid
      else if (oids[index] === 0) oids[index] = wireType({ kind: 'BigInt' }).oid
    })
    return { parameters: oids, columns: described.columns }
  }

  #statement(name: string): PreparedStatement {
    const found = this.#statements.get(name)
    if (found !== undefined) return found
    throw new SqlStateError('26000', `prepared statement "${name}" does not exist`)
  }
}

function columnsOf(answer: Answer): { readonly columns: readonly WireColumn[] | null } {
  return { columns: answer.kind === 'rows' ? answer.columns : null }
}

/** One format is of all columns; none is text. */
function formatsOf(formats: readonly number[], columns: number): (column: number) => number {
  if (formats.length > 1 && formats.length !== columns) {
    throw new SqlStateError(
      '08P01',
      `bind message has ${formats.length} result formats but query has ${columns} columns`
    )
  }
  return column => (formats.length === 1 ? formats[0]! : (formats[column] ?? 0))
}
