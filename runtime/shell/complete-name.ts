import type { LocalPipeline } from '../access/local-request.ts'
import { sendStatement } from './sql-client.ts'

/** What the pipeline has. */
export interface Names {
  /** System tables too, each with its columns. */
  readonly tables: ReadonlyMap<string, readonly string[]>
  readonly sources: readonly string[]
  readonly sinks: readonly string[]
}

const words = [
  ...[
    'SELECT',
    'FROM',
    'WHERE',
    'GROUP BY',
    'HAVING',
    'ORDER BY',
    'LIMIT',
    'INSERT INTO',
    'VALUES'
  ],
  ...['UPDATE', 'SET', 'DELETE FROM', 'SHOW', 'DESCRIBE', 'ALTER SOURCE', 'ALTER SINK'],
  ...['DROP SOURCE', 'DROP SINK', 'AND', 'OR', 'NOT', 'IS NULL', 'BETWEEN', 'LIKE', 'IN']
]
const lists = ['SOURCES', 'SINKS', 'TABLES', 'MODELS']
const commands = ['\\d', '\\x', '\\?', '\\q']
const systemTables = ['kafka_sources', 'kafka_sinks', 'kafka_consumer_offsets'].concat(
  ...['tables', 'models', 'operators']
)

/** Empty where the pipeline does not answer. */
export async function readNames(pipeline: LocalPipeline): Promise<Names> {
  const first = async (statement: string): Promise<string[]> => {
    const reply = await sendStatement(statement, pipeline)
    return reply.kind === 'rows' ? reply.answer.rows.map(([name]) => String(name)) : []
  }
  const [tables, sources, sinks] = await Promise.all([
    first('SHOW TABLES'),
    first('SHOW SOURCES'),
    first('SHOW SINKS')
  ])
  const all = [...tables.map(quoted), ...systemTables.map(name => `system.${name}`)]
  const columns = await Promise.all(all.map(table => first(`DESCRIBE ${table}`)))
  return {
    tables: new Map(all.map((table, i) => [table, columns[i]!.map(quoted)])),
    sources: sources.map(quoted),
    sinks: sinks.map(quoted)
  }
}

function quoted(name: string): string {
  return /^[a-z_]\w*$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** As readline asks it: what could take the place of the word before the cursor. `before`: the statement's earlier lines. */
export function completeName(line: string, before: string, names: Names): [string[], string] {
  const word = /(?:"[^"]*|\\?[\w.]*)$/.exec(line)![0]
  const context = `${before}${line.slice(0, line.length - word.length)}`
  const begins = (candidate: string): boolean =>
    candidate.toLowerCase().startsWith(word.toLowerCase())
  return [[...new Set(candidates(context, word, names))].filter(begins), word]
}

function candidates(context: string, word: string, names: Names): readonly string[] {
  const { tables, sources, sinks } = names
  const relations = [...tables.keys()]
  if (word.startsWith('\\')) return context.trim() === '' ? commands : []
  if (/(^|;)\s*$/.test(context)) return words
  if (/\b(show|list)\s+$/i.test(context)) return lists
  if (/\bsource\s+(if\s+exists\s+)?$/i.test(context)) return sources
  if (/\bsink\s+(if\s+exists\s+)?$/i.test(context)) return sinks
  if (/(\bdesc(ribe)?|^\\d)\s+$/i.test(context)) return [...relations, ...sources, ...sinks]
  if (/\b(from|join|into|update|table)\s+$/i.test(context)) return relations
  // Of the tables that the statement names so far; of all of them while there is none.
  const named = relations.filter(table => context.toLowerCase().includes(table.toLowerCase()))
  const columns = (named.length > 0 ? named : relations).flatMap(table => tables.get(table)!)
  return [...columns.sort(), ...relations, ...words]
}
