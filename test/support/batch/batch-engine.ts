import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { showRow } from './show-row.ts'

/** A query that the batch engine does not take. */
export class BatchRefusal extends Error {}

/**
 * DuckDB in memory: answers the same queries over all rows at once, and shares no line with compiler, runtime or slow twin.
 */
export class BatchEngine {
  readonly #connection: DuckDBConnection
  readonly #instance: DuckDBInstance

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance
    this.#connection = connection
  }

  static async open(): Promise<BatchEngine> {
    const instance = await DuckDBInstance.create(':memory:', {
      // The rest of the machine is for other tests.
      threads: '1',
      // What is not in the package stays where it is.
      autoinstall_known_extensions: 'false'
    })
    const connection = await instance.connect()
    // As PostgreSQL has it: integers divide to integers.
    await connection.run('SET integer_division = true')
    // DuckDB 1.5 takes `date_trunc('hour', x) <> constant` for TRUE where x is NULL and the constant is no whole hour.
    await connection.run("SET disabled_optimizers = 'expression_rewriter'")
    await connection.run('SET order_by_non_integer_literal = true')
    return new BatchEngine(instance, connection)
  }

  /** Runs a statement that has no answer. */
  async run(sql: string): Promise<void> {
    await this.#connection.run(sql)
  }

  /**
   * Makes a table of a file with a JSON object per line. `columns` are names with DuckDB's types; what else the objects hold
   * is left out.
   */
  async loadJson(
    table: string,
    path: string,
    columns: Readonly<Record<string, string>>
  ): Promise<void> {
    const types = Object.entries(columns).map(([name, type]) => `${quote(name)}: ${quote(type)}`)
    await this.run(
      `CREATE TABLE ${table} AS SELECT * FROM read_json(${quote(path)}, format = 'newline_delimited', columns = {${types.join(', ')}})`
    )
  }

  /** A query's rows as a sink with format 'json' would write them, in any order. */
  async query(sql: string): Promise<readonly string[]> {
    const result = await this.#connection.stream(sql).catch((cause: unknown) => {
      throw new BatchRefusal(`the batch engine refuses ${sql}`, { cause })
    })
    const names = result.columnNames()
    const rows: string[] = []
    for await (const chunk of result.yieldRows()) {
      for (const row of chunk) rows.push(showRow(names, row))
    }
    return rows
  }

  [Symbol.dispose](): void {
    this.#connection.closeSync()
    this.#instance.closeSync()
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
