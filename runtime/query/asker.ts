import { stripTypeScriptTypes } from 'node:module'
import type {
  AskedPipeline,
  Asker,
  ResultColumn,
  StatementResult,
  TableRow
} from '../contract/index.ts'
import { isSqlFailure } from '../sql/failure.ts'
import * as functions from '../value-functions.ts'
import type { Query } from './query.ts'
import { renderRows } from './render-json.ts'
import { runQuery } from './run-query.ts'

/** A statement compiled: see compiler/ask/open-statements.ts. `code` is TypeScript, the body of a function. */
export type CompiledStatement =
  | {
      readonly kind: 'query'
      readonly code: string
      readonly columns: readonly ResultColumn[]
    }
  | {
      readonly kind: 'change'
      readonly code: string
      readonly verb: 'INSERT' | 'UPDATE' | 'DELETE'
      readonly table: string
    }
  | Exclude<StatementResult, { kind: 'rows' | 'changed' }>

type Run = (runtime: object, pipeline: AskedPipeline) => unknown

interface Prepared {
  readonly statement: CompiledStatement
  /** Null where there is nothing to run. */
  readonly run: Run | null
}

/** Statements that are kept compiled: programs ask the same ones again and again. */
const KEPT = 500

/** Runs statements that `compile` compiles. */
export function makeAsker(compile: (text: string) => CompiledStatement): Asker {
  const kept = new Map<string, Prepared>()
  const prepare = (text: string): Prepared => {
    const known = kept.get(text)
    if (known !== undefined) return known
    const statement = compile(text)
    const prepared = {
      statement,
      run: 'code' in statement && isCode(statement) ? load(statement.code) : null
    }
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value!)
    kept.set(text, prepared)
    return prepared
  }
  return {
    execute(text, pipeline) {
      const { statement, run } = prepare(text)
      if (run === null) return statement as StatementResult
      try {
        return execute(statement, run, pipeline)
      } catch (error) {
        if (!isSqlFailure(error)) throw error
        const { code, message } = error
        return { kind: 'refused', code, message, text: `error: ${message} [${code}]\n` }
      }
    },
    async render(result, format) {
      if (format === 'json') return renderRows(result)
      const { renderArrow } = await import('./render-arrow.ts')
      return renderArrow(result)
    }
  }
}

function isCode({ kind }: CompiledStatement): boolean {
  return kind === 'query' || kind === 'change'
}

function execute(statement: CompiledStatement, run: Run, pipeline: AskedPipeline): StatementResult {
  const result = run(functions, pipeline)
  if (statement.kind === 'query') {
    const rows = runQuery(result as Query, pipeline) as readonly TableRow[]
    return { kind: 'rows', columns: statement.columns, rows }
  }
  const { verb, table } = statement as Extract<CompiledStatement, { kind: 'change' }>
  return { kind: 'changed', verb, table, rows: result as number }
}

/**
 * The code is the compiler's own: text of the statement stands in it as quoted literals only, like in every pipeline. Types
 * are taken out by Node, which calls that experimental in a warning that nobody here can act on.
 */
function load(code: string): Run {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    const script = stripTypeScriptTypes(`function run(runtime, pipeline) {\n${code}\n}`)
    return new Function(`${script}\nreturn run`)() as Run
  } finally {
    process.emitWarning = emitWarning
  }
}
