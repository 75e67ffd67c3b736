import type { AskedPipeline, Asker, StatementResult, TableRow } from '../contract/index.ts'
import { failure, isSqlFailure } from '../sql/failure.ts'
import {
  type CompiledStatement,
  PreparedStatements,
  type Ready,
  refusal,
  type StatementCompiler
} from './prepared-statements.ts'
import type { Query } from './query.ts'
import { renderRows } from './render-json.ts'
import { runBatch } from './run-batch.ts'
import { runQuery } from './run-query.ts'
import { statementFunctions } from './statement-functions.ts'
import { scanLiterals } from './scan-literals.ts'
import { nextStatement, statementEnd } from '../sql/statement-bounds.ts'

/** Runs statements that the compiler compiles. */
export function makeAsker({ compile, describe }: StatementCompiler): Asker {
  const statements = new PreparedStatements(compile)
  const prepare = (text: string): Ready => {
    const known = statements.known(text)
    if (known !== undefined) return { ...known, parameters: [] }
    const scanned = scanLiterals(text)
    const isAlone = scanned !== null && nextStatement(text, scanned.end) < 0
    return statements.prepare(text, isAlone ? scanned : null)
  }
  return {
    describe,
    isBatch: text =>
      nextStatement(text, statementEnd(text, Math.max(0, nextStatement(text, 0)))) >= 0,
    execute(text, pipeline) {
      const { statement, bind, parameters } = prepare(text)
      if (bind === null) return statement as StatementResult
      try {
        return execute(statement, bind(statementFunctions, pipeline), parameters, pipeline)
      } catch (error) {
        if (!isSqlFailure(error)) throw error
        return refusal(error)
      }
    },
    executeBatch: (text, pipeline) => runBatch(text, pipeline, statements),
    async render(result, format) {
      if (format === 'json') return renderRows(result)
      const { renderArrow } = await import('./render-arrow.ts')
      return renderArrow(result)
    }
  }
}

function execute(
  statement: CompiledStatement,
  bound: unknown,
  parameters: readonly unknown[],
  pipeline: AskedPipeline
): StatementResult {
  if (statement.kind === 'query') {
    const rows = runQuery(bound as Query, pipeline) as readonly TableRow[]
    const { maxRows } = pipeline
    if (rows.length > maxRows) {
      const message = `the answer has more than ${maxRows} rows: ask for some with LIMIT, or start the pipeline with --max-rows`
      throw failure(-1, 'answer-too-large', message)
    }
    return { kind: 'rows', columns: statement.columns, rows }
  }
  const { verb, table } = statement as Extract<CompiledStatement, { kind: 'change' }>
  const run = bound as (parameters: readonly unknown[]) => number
  return { kind: 'changed', verb, table, rows: run(parameters) }
}
