import pg from 'pg'
import { readStatements } from '../queries/asked-tables.ts'

/** What a query of the catalogue gave: names and types of the columns, and its rows as they are sent. */
export interface CatalogAnswer {
  readonly query: string
  readonly columns: readonly (readonly [name: string, oid: number])[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** Types whose values are names or rows are texts here: nobody could read their numbers. */
const AS_TEXT = new Set([24, 2205, 2206, 2249, 4089, 4096])
const TEXT = 25

/** Asks the queries of catalog-queries.sql, one after another. */
export async function askCatalog(
  config: pg.ClientConfig,
  tables: readonly string[] = []
): Promise<readonly CatalogAnswer[]> {
  const client = new pg.Client({
    ...config,
    types: { getTypeParser: () => (text: string) => text }
  })
  await client.connect()
  const answers: CatalogAnswer[] = []
  try {
    for (const table of tables) await client.query(table)
    for (const query of readStatements('catalog-queries.sql')) {
      const { fields, rows } = await client
        .query<(string | null)[]>({ text: query, rowMode: 'array' })
        .catch((error: unknown) => {
          throw new Error(`${String(error)}\n${query}`)
        })
      const columns = fields.map(
        ({ name, dataTypeID }) => [name, AS_TEXT.has(dataTypeID) ? TEXT : dataTypeID] as const
      )
      answers.push({ query, columns, rows })
    }
  } finally {
    await client.end()
  }
  return answers
}
