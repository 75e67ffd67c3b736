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
import { type ScannedLiteral, scanLiterals } from './scan-literals.ts'

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
      readonly parameters: readonly number[]
    }
  | Exclude<StatementResult, { kind: 'rows' | 'changed' }>

type Run = (runtime: object, pipeline: AskedPipeline, parameters: readonly unknown[]) => unknown

/** Compiles a statement; `literals` may become parameters of its code. */
export type Compile = (text: string, literals?: readonly ScannedLiteral[]) => CompiledStatement

interface Prepared {
  readonly statement: CompiledStatement
  /** Null where there is nothing to run. */
  readonly run: Run | null
}

type Ready = Prepared & { readonly parameters: readonly unknown[] }

/** Statements that differ in their literals only. */
interface Shape {
  /** Literals that the code depends on. */
  readonly fixed: readonly number[]
  /** Compiled once for each set of values of those. */
  readonly variants: Map<string, Prepared>
}

/** Statements that are kept compiled: programs ask the same ones again and again. */
const KEPT = 500

/** Runs statements that `compile` compiles. */
export function makeAsker(compile: Compile): Asker {
  const kept = new Map<string, Prepared>()
  const shapes = new Map<string, Shape>()
  const load = (statement: CompiledStatement): Prepared => ({
    statement,
    run: statement.kind === 'query' || statement.kind === 'change' ? loadCode(statement.code) : null
  })
  const prepare = (text: string): Ready => {
    const known = kept.get(text)
    if (known !== undefined) return { ...known, parameters: [] }
    const scanned = scanLiterals(text)
    if (scanned === null) return { ...keep(kept, text, load(compile(text))), parameters: [] }
    const { shape, literals } = scanned
    const parameters = literals.map(({ value }) => value)
    const ofShape = shapes.get(shape)
    const found = ofShape?.variants.get(variantOf(ofShape.fixed, parameters))
    if (found !== undefined) return { ...found, parameters }
    const prepared = load(compile(text, literals))
    const { statement } = prepared
    if (statement.kind !== 'change' || statement.parameters.length === 0) {
      return { ...keep(kept, text, prepared), parameters }
    }
    const fixed = parameters.flatMap((_, i) => (statement.parameters.includes(i) ? [] : [i]))
    const own = ofShape ?? keep(shapes, shape, { fixed, variants: new Map() })
    // Which literals are parameters depends on the shape alone; should it ever not, nothing is mixed up.
    if (String(own.fixed) === String(fixed)) {
      keep(own.variants, variantOf(fixed, parameters), prepared)
    }
    return { ...prepared, parameters }
  }
  return {
    execute(text, pipeline) {
      const { statement, run, parameters } = prepare(text)
      if (run === null) return statement as StatementResult
      try {
        return execute(statement, run(functions, pipeline, parameters), pipeline)
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

function keep<T>(map: Map<string, T>, key: string, value: T): T {
  if (map.size >= KEPT) map.delete(map.keys().next().value!)
  map.set(key, value)
  return value
}

function variantOf(fixed: readonly number[], values: readonly unknown[]): string {
  return JSON.stringify(fixed.map(index => values[index]))
}

function execute(
  statement: CompiledStatement,
  result: unknown,
  pipeline: AskedPipeline
): StatementResult {
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
function loadCode(code: string): Run {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    const script = stripTypeScriptTypes(`function run(runtime, pipeline, parameters) {\n${code}\n}`)
    return new Function(`${script}\nreturn run`)() as Run
  } finally {
    process.emitWarning = emitWarning
  }
}
