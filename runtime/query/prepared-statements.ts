import { stripTypeScriptTypes } from 'node:module'
import type {
  AskedPipeline,
  DescribedStatement,
  ResultColumn,
  StatementResult
} from '../contract/index.ts'
import type { SqlFailure } from '../sql/failure.ts'
import type { ScannedLiteral, ScannedStatement } from './scan-literals.ts'

/** A statement compiled: see compiler/ask/open-statements.ts. `code` is TypeScript, the body of a function: see `Bind`. */
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
  | Exclude<StatementResult, { kind: 'rows' | 'changed' | 'batch' }>

/** Compiles a statement; `literals` may become parameters of its code. */
export type Compile = (text: string, literals?: readonly ScannedLiteral[]) => CompiledStatement

/** What compiles statements and says what they are: compiler/ask. */
export interface StatementCompiler {
  readonly compile: Compile
  readonly describe: (text: string, open: readonly number[]) => DescribedStatement
}

type Refused = Extract<StatementResult, { kind: 'refused' }>

/** Gives a query's object, or the function of its parameters that makes a change and answers how many rows. */
export type Bind = (runtime: object, pipeline: AskedPipeline) => unknown

export interface Prepared {
  readonly statement: CompiledStatement
  /** Null where there is nothing to run. */
  readonly bind: Bind | null
}

/** A statement with its own values for the parameters of code that it shares. */
export type Ready = Prepared & { readonly parameters: readonly unknown[] }

/** Statements that differ in their literals only. */
interface Shape {
  /** Literals that the code depends on. */
  readonly fixed: readonly number[]
  /** Compiled once for each set of values of those. */
  readonly variants: Map<string, Prepared>
}

/** Statements that are kept compiled: programs ask the same ones again and again. */
const KEPT = 500

/** Compiling a statement takes 2 ms: each is kept under its text, or shared by all that differ from it in their literals. */
export class PreparedStatements {
  readonly #compile: Compile
  readonly #kept = new Map<string, Prepared>()
  readonly #shapes = new Map<string, Shape>()

  constructor(compile: Compile) {
    this.#compile = compile
  }

  /** A statement that is kept under its own text. */
  known(text: string): Prepared | undefined {
    return this.#kept.get(text)
  }

  /** `scanned`: what the scanner says of `text`, with offsets into it; null where it says nothing. */
  prepare(text: string, scanned: ScannedStatement | null): Ready {
    if (scanned === null) return { ...this.#keep(text), parameters: [] }
    const { shape, literals } = scanned
    const parameters = literals.map(({ value }) => value)
    const ofShape = this.#shapes.get(shape)
    const found = ofShape?.variants.get(variantOf(ofShape.fixed, parameters))
    if (found !== undefined) return { ...found, parameters }
    const prepared = load(this.#compile(text, literals))
    const { statement } = prepared
    if (statement.kind !== 'change' || statement.parameters.length === 0) {
      return { ...keep(this.#kept, text, prepared), parameters }
    }
    const fixed = parameters.flatMap((_, i) => (statement.parameters.includes(i) ? [] : [i]))
    const own = ofShape ?? keep(this.#shapes, shape, { fixed, variants: new Map() })
    // Which literals are parameters depends on the shape alone; should it ever not, nothing is mixed up.
    if (String(own.fixed) === String(fixed)) {
      keep(own.variants, variantOf(fixed, parameters), prepared)
    }
    return { ...prepared, parameters }
  }

  /** A refusal with its positions in another text, around the statement. */
  compileAgain(text: string, refused: Refused): Refused {
    const again = this.#compile(text)
    return again.kind === 'refused' ? again : refused
  }

  #keep(text: string): Prepared {
    return this.#kept.get(text) ?? keep(this.#kept, text, load(this.#compile(text)))
  }
}

/** What an application hears of a statement that failed while it ran. */
export function refusal({ code, message }: SqlFailure): Refused {
  return { kind: 'refused', code, message, text: `error: ${message} [${code}]\n` }
}

function keep<T>(map: Map<string, T>, key: string, value: T): T {
  if (map.size >= KEPT) map.delete(map.keys().next().value!)
  map.set(key, value)
  return value
}

function variantOf(fixed: readonly number[], values: readonly unknown[]): string {
  return JSON.stringify(fixed.map(index => values[index]))
}

function load(statement: CompiledStatement): Prepared {
  const isCode = statement.kind === 'query' || statement.kind === 'change'
  return { statement, bind: isCode ? loadCode(statement.code) : null }
}

/**
 * The code is the compiler's own: text of the statement stands in it as quoted literals only, like in every pipeline. Types
 * are taken out by Node, which calls that experimental in a warning that nobody here can act on.
 */
function loadCode(code: string): Bind {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    const script = stripTypeScriptTypes(`function bind(runtime, pipeline) {\n${code}\n}`)
    return new Function(`${script}\nreturn bind`)() as Bind
  } finally {
    process.emitWarning = emitWarning
  }
}
