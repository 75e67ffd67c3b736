import { sendStatement } from './sql-client.ts'

const words = [
  ...['SELECT', 'FROM', 'WHERE', 'GROUP BY', 'HAVING', 'ORDER BY', 'LIMIT', 'INSERT INTO'],
  ...['VALUES', 'UPDATE', 'SET', 'DELETE FROM', 'SHOW TABLES', 'SHOW SOURCES', 'SHOW SINKS'],
  ...['SHOW MODELS', 'DESCRIBE', 'ALTER SOURCE', 'ALTER SINK', 'DROP SOURCE', 'DROP SINK']
]
const systemTables = [
  ...['system.kafka_sources', 'system.kafka_sinks', 'system.kafka_consumer_offsets'],
  ...['system.tables', 'system.models', 'system.operators']
]

/** What the pipeline has: tables with their columns, sources and sinks. Nothing where it does not answer. */
export async function readNames(port: number, token: string | null): Promise<readonly string[]> {
  const first = async (statement: string): Promise<string[]> => {
    const reply = await sendStatement(statement, port, token)
    return reply.kind === 'rows' ? reply.answer.rows.map(([name]) => String(name)) : []
  }
  const tables = await first('SHOW TABLES')
  const columns = await Promise.all(tables.map(table => first(`DESCRIBE "${table}"`)))
  const others = [...(await first('SHOW SOURCES')), ...(await first('SHOW SINKS'))]
  return [...new Set([...tables, ...others, ...columns.flat(), ...systemTables])].sort()
}

/** As readline asks it: what could take the place of the word before the cursor. */
export function completeName(line: string, names: readonly string[]): [string[], string] {
  const word = /[\w.]*$/.exec(line)![0]
  const begins = (candidate: string): boolean =>
    candidate.toLowerCase().startsWith(word.toLowerCase())
  return [[...names, ...words].filter(begins), word]
}
