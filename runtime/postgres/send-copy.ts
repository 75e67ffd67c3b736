import type { TableRow } from '../contract/index.ts'
import type { Answer } from './answer.ts'
import type { CopyFormat } from './copy-command.ts'
import { type WireColumn, writeComplete } from './messages.ts'
import type { Output } from './output.ts'
import { sendEach } from './send-rows.ts'

type CopyAnswer = Extract<Answer, { kind: 'copy' }>

/** The signature, no flags, and no more of a header. */
const BINARY_HEAD = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const BINARY_END = Buffer.from([0xff, 0xff])
const NOTHING = Buffer.alloc(0)

/** The rows of a COPY ... TO STDOUT: https://www.postgresql.org/docs/15/protocol-flow.html#PROTOCOL-COPY */
export async function sendCopy(
  output: Output,
  { columns, rows, format: options }: CopyAnswer
): Promise<void> {
  const { writer } = output
  const isBinary = options.format === 'binary'
  const code = isBinary ? 1 : 0
  writer.begin('H').byte(code).int16(columns.length)
  for (const _ of columns) writer.int16(code)
  writer.end()
  if (isBinary) await sendBinary(output, columns, rows)
  else await sendLines(output, columns, rows, options)
  writer.begin('c').end()
  writeComplete(writer, `COPY ${rows.length}`)
}

async function sendLines(
  output: Output,
  columns: readonly WireColumn[],
  rows: readonly TableRow[],
  options: CopyFormat
): Promise<void> {
  const send = (texts: readonly (string | null)[]): void =>
    void output.writer.begin('d').raw(line(texts, options)).end()
  if (options.header) send(columns.map(({ name }) => name))
  await sendEach(output, rows, row => send(textsOf(row, columns)))
}

async function sendBinary(
  output: Output,
  columns: readonly WireColumn[],
  rows: readonly TableRow[]
): Promise<void> {
  const { writer } = output
  // Drivers look for the head in the message of the first row, where PostgreSQL puts it.
  let head = BINARY_HEAD
  const begin = (): void => {
    writer.begin('d').raw(head)
    head = NOTHING
  }
  await sendEach(output, rows, row => {
    begin()
    writer.int16(columns.length)
    columns.forEach(({ type }, i) => {
      const value = row[i] ?? null
      writer.value(value === null ? null : type.binary(value as never))
    })
    writer.end()
  })
  begin()
  writer.raw(BINARY_END).end()
}

function textsOf(row: TableRow, columns: readonly WireColumn[]): (string | null)[] {
  return columns.map(({ type }, i) => {
    const value = row[i] ?? null
    return value === null ? null : type.text(value as never)
  })
}

function line(texts: readonly (string | null)[], options: CopyFormat): Buffer {
  const isAlone = texts.length === 1
  const cells = texts.map(text => {
    if (text === null) return options.null
    return options.format === 'csv' ? csv(text, options, isAlone) : escaped(text, options)
  })
  return Buffer.from(`${cells.join(options.delimiter)}\n`)
}

/** `\.` alone in its line would be the end of the data for those who read it. */
function csv(text: string, options: CopyFormat, isAlone: boolean): string {
  const { delimiter, quote, escape, forceQuote } = options
  const isPlain =
    ![delimiter, quote, '\n', '\r'].some(mark => text.includes(mark)) &&
    text !== options.null &&
    !(isAlone && text === '\\.')
  if (isPlain && !forceQuote) return text
  const inside = [...text].map(one => (one === quote || one === escape ? escape + one : one))
  return quote + inside.join('') + quote
}

const letters: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\'
}

function escaped(text: string, { delimiter }: CopyFormat): string {
  const safe = text.replace(/[\b\f\n\r\t\v\\]/g, one => letters[one]!)
  // A tab was escaped with the others.
  return delimiter === '\t' ? safe : safe.replaceAll(delimiter, `\\${delimiter}`)
}
