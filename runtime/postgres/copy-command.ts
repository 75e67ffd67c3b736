import { partEnd } from '../sql/statement-bounds.ts'
import { SqlStateError } from './sql-state-error.ts'

/** `COPY ... TO STDOUT`: https://www.postgresql.org/docs/15/sql-copy.html */
export interface CopyCommand {
  readonly kind: 'copy'
  readonly query: string
  /** Where that is in the statement. */
  readonly queryStart: number
  readonly format: CopyFormat
}

export interface CopyFormat {
  readonly format: 'text' | 'csv' | 'binary'
  readonly header: boolean
  readonly delimiter: string
  /** What stands for NULL. */
  readonly null: string
  readonly quote: string
  readonly escape: string
  /** Whether texts are quoted that need it not. */
  readonly forceQuote: boolean
}

interface Token {
  readonly text: string
  readonly start: number
  readonly end: number
  /** How many brackets are open before it. */
  readonly depth: number
}

/** `statement` begins with COPY. */
export function readCopy(statement: string): CopyCommand {
  const tokens = tokensOf(statement).slice(1)
  const to = tokens.findIndex(({ text, depth }) => depth === 0 && /^(?:to|from)$/i.test(text))
  if (to < 0) throw new SqlStateError('42601', 'COPY is written COPY (SELECT ...) TO STDOUT')
  if (tokens[to]!.text.toLowerCase() === 'from') {
    throw new SqlStateError(
      '0A000',
      'COPY FROM is not answered here',
      'Write with INSERT, or to the Kafka topic of a source.'
    )
  }
  if (tokens[to + 1]?.text.toLowerCase() !== 'stdout') {
    throw new SqlStateError(
      '0A000',
      'COPY is answered here TO STDOUT only: a pipeline writes no files',
      "psql's \\copy writes one on your side."
    )
  }
  return {
    kind: 'copy',
    ...readQuery(statement, tokens.slice(0, to)),
    format: readFormat(tokens.slice(to + 2).map(({ text }) => text))
  }
}

/** What is copied: a query in brackets, or a table with some of its columns. */
function readQuery(
  statement: string,
  tokens: readonly Token[]
): Pick<CopyCommand, 'query' | 'queryStart'> {
  const [first] = tokens
  const last = tokens.at(-1)
  if (first === undefined || last === undefined) {
    throw new SqlStateError('42601', 'COPY has neither a table nor a query in brackets')
  }
  if (first.text === '(') {
    return { query: statement.slice(first.end, last.start), queryStart: first.end }
  }
  const bracket = tokens.find(({ text }) => text === '(')
  const table = statement.slice(first.start, bracket?.start ?? last.end)
  const columns = bracket === undefined ? '*' : statement.slice(bracket.end, last.start)
  return { query: `SELECT ${columns} FROM ${table}`, queryStart: first.start }
}

type Options = Partial<Record<string, string>>

/** Both spellings: in brackets, and that from before PostgreSQL 9. */
function readFormat(words: readonly string[]): CopyFormat {
  const options = readOptions(
    words.filter(word => !/^(?:with|as|[(),])$/i.test(word)).map(unquoted)
  )
  const { format = 'text', encoding = 'utf8', header = 'false' } = options
  if (format !== 'text' && format !== 'csv' && format !== 'binary') {
    throw new SqlStateError('22023', `COPY format "${format}" not recognized`)
  }
  if (!/^utf-?8$/i.test(encoding)) throw new SqlStateError('0A000', 'texts are UTF-8 here')
  return {
    format,
    header: TRUE.test(header),
    forceQuote: options['force_quote'] !== undefined,
    ...readMarks(options, format === 'csv')
  }
}

const TRUE = /^(?:true|on|1|match)$/i

type Marks = Pick<CopyFormat, 'delimiter' | 'null' | 'quote' | 'escape'>

function readMarks(options: Options, isCsv: boolean): Marks {
  const usual = isCsv ? { delimiter: ',', null: '' } : { delimiter: '\t', null: '\\N' }
  const quote = one('quote', options['quote'] ?? '"')
  const delimiter = one('delimiter', options['delimiter'] ?? usual.delimiter)
  // What stands behind a backslash in a text.
  if (!isCsv && /[\\.a-z0-9]/.test(delimiter)) {
    throw new SqlStateError('22023', `COPY delimiter cannot be "${delimiter}"`)
  }
  const escape = one('escape', options['escape'] ?? quote)
  return { delimiter, null: options['null'] ?? usual.null, quote, escape }
}

function readOptions(words: readonly string[]): Options {
  const options: Options = {}
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!.toLowerCase()
    const next = words[i + 1]
    if (word === 'csv' || word === 'binary') options['format'] = word
    else if (word === 'header') {
      const isSaid = /^(?:true|false|on|off|0|1|match)$/i.test(next ?? '')
      options['header'] = isSaid ? words[++i] : 'true'
    } else if (word === 'force_quote' || word === 'force') {
      if (word === 'force') i++
      if (words[++i] !== '*') throw new SqlStateError('0A000', 'FORCE_QUOTE is of all columns: *')
      options['force_quote'] = '*'
    } else if (/^(?:format|delimiter|null|quote|escape|encoding)$/.test(word) && next !== undefined)
      options[word] = word === 'format' ? words[++i]!.toLowerCase() : words[++i]
    else throw new SqlStateError('42601', `option "${word}" not recognized`)
  }
  return options
}

function one(option: string, text: string): string {
  if (text.length === 1 && text <= '\x7f' && !'\0\n\r'.includes(text)) return text
  throw new SqlStateError('22023', `COPY ${option} must be a single one-byte character`)
}

function tokensOf(statement: string): readonly Token[] {
  const tokens: Token[] = []
  let depth = 0
  for (let start = 0; start < statement.length;) {
    const end = partEnd(statement, start)
    const text = statement.slice(start, end)
    if (text.trim() !== '' && !/^(?:--|\/\*)/.test(text)) tokens.push({ text, start, end, depth })
    if (text === '(') depth++
    if (text === ')') depth--
    start = end
  }
  return tokens
}

/** Of E'\t' only what a delimiter may be. */
function unquoted(word: string): string {
  if (/^e'/i.test(word)) return word.slice(2, -1).replaceAll('\\t', '\t').replaceAll('\\\\', '\\')
  return word.startsWith("'") ? word.slice(1, -1).replaceAll("''", "'") : word
}
