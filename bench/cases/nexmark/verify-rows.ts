import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BatchEngine } from '../../../test/support/batch/batch-engine.ts'
import type { NexmarkQuery } from '../../../test/support/nexmark/nexmark-query.ts'
import { loadNexmarkTables } from '../../../test/support/nexmark/nexmark-tables.ts'
import { sideInput } from '../../data/nexmark/index.ts'

/** The events as tables. */
export async function openTables(events: string, folder: string): Promise<BatchEngine> {
  const side = join(folder, 'side-input.jsonl')
  writeFileSync(
    side,
    sideInput()
      .map(row => `${JSON.stringify(row)}\n`)
      .join('')
  )
  return await loadNexmarkTables(events, side)
}

interface DescribedColumn {
  readonly column_name: string
  readonly column_type: string
}

/** Fast and wrong is worth nothing: fails unless the file holds the rows of the batch engine's answer. */
export async function verifyRows(
  { batch, name, sum }: NexmarkQuery,
  rows: string,
  tables: BatchEngine
): Promise<void> {
  const described = await tables.query(`DESCRIBE ${batch}`)
  const columns = described.map(text => JSON.parse(text) as DescribedColumn)
  const types = columns.map(({ column_name, column_type }) => [column_name, column_type] as const)
  await tables.loadJson('written', rows, Object.fromEntries(types))
  const written =
    sum === undefined
      ? 'SELECT * FROM written'
      : `SELECT ${sum.by}, sum(${sum.of}) AS ${sum.of} FROM written GROUP BY ${sum.by}`
  const list = columns.map(compared).join(', ')
  const count = (a: string, b: string): string =>
    `SELECT count(*) AS n FROM (SELECT ${list} FROM (${a}) EXCEPT ALL SELECT ${list} FROM (${b}))`
  const [extra] = await tables.query(count(written, batch))
  const [missing] = await tables.query(count(batch, written))
  await tables.run('DROP TABLE written')
  if (extra !== '{"n":0}' || missing !== '{"n":0}') {
    throw new Error(`${name}: extra ${extra}, missing ${missing}`)
  }
}

/** Sums of doubles depend on their order in the last digits. */
function compared({ column_name, column_type }: DescribedColumn): string {
  return column_type === 'DOUBLE' ? `round("${column_name}", 3)` : `"${column_name}"`
}
