import type { AskedPipeline, StatementResult } from '../contract/index.ts'
import { isSqlFailure } from '../sql/failure.ts'
import {
  type CompiledStatement,
  type PreparedStatements,
  type Ready,
  refusal
} from './prepared-statements.ts'
import { type ScannedStatement, scanLiterals } from './scan-literals.ts'
import { nextStatement, statementEnd } from '../sql/statement-bounds.ts'
import { statementFunctions } from './statement-functions.ts'
import {
  makeTemplate,
  matchTemplate,
  type StatementTemplate,
  unitsOf
} from './statement-template.ts'

type Refused = Extract<StatementResult, { kind: 'refused' }>
type ReadyChange = Ready & { readonly statement: Extract<CompiledStatement, { kind: 'change' }> }

/** A statement of the batch, and what others of its shape look like. */
interface Form {
  readonly run: (parameters: readonly unknown[]) => number
  readonly template: StatementTemplate
}

/** Forms that are tried before a statement is taken apart. */
const RECENT = 8
/** Statements between two looks at the clock. */
const STRIDE = 256
/** After so many ms others get a turn: health is asked for while a large batch runs. */
const TURN = 50
/** A statement that has to be compiled has no more characters. */
const MAX_COMPILED = 1 << 20

/**
 * INSERT, UPDATE and DELETE one after the other, each seeing what those before it did. The first that fails ends it; to take back
 * what was done is the caller's.
 */
export async function runBatch(
  text: string,
  pipeline: AskedPipeline,
  statements: PreparedStatements
): Promise<StatementResult> {
  const batch = new Batch(text, pipeline, statements)
  let turnEnds = performance.now() + TURN
  while (batch.runSome(STRIDE)) {
    if (performance.now() < turnEnds) continue
    await new Promise(resolve => setImmediate(resolve))
    turnEnds = performance.now() + TURN
  }
  return batch.result()
}

/**
 * Most statements of a batch differ in their literals only: one of a form that was there shortly before is recognised by the text
 * around its literals, without being taken apart or looked up.
 */
class Batch {
  readonly #text: string
  readonly #units: Uint16Array
  readonly #pipeline: AskedPipeline
  readonly #statements: PreparedStatements
  readonly #recent: Form[] = []
  readonly #values: unknown[] = []
  #count = 0
  readonly #counts: number[] = []
  #start: number
  #refused: Refused | null = null

  constructor(text: string, pipeline: AskedPipeline, statements: PreparedStatements) {
    this.#text = text
    this.#units = unitsOf(text)
    this.#pipeline = pipeline
    this.#statements = statements
    this.#start = nextStatement(text, 0)
  }

  /** Runs up to `limit` statements. False: there are no more to run. */
  runSome(limit: number): boolean {
    try {
      for (let i = 0; i < limit && this.#start >= 0; i++) {
        this.#count++
        const end = this.#runRecent()
        this.#start = nextStatement(this.#text, end < 0 ? this.#runOther() : end)
      }
    } catch (error) {
      if (!isSqlFailure(error)) throw error
      this.#refused = refusal(error)
    }
    return this.#start >= 0 && this.#refused === null
  }

  result(): StatementResult {
    if (this.#refused !== null) return refuseAt(this.#refused, this.#count)
    const rows = this.#counts.reduce((sum, count) => sum + count, 0)
    return { kind: 'batch', statements: this.#count, rows, counts: this.#counts }
  }

  /** Where the statement ends, if it is of a form that was there shortly before; else -1. */
  #runRecent(): number {
    const recent = this.#recent
    for (let i = 0; i < recent.length; i++) {
      const form = recent[i]!
      const end = matchTemplate(form.template, this.#text, this.#units, this.#start, this.#values)
      if (end < 0) continue
      this.#counts.push(form.run(this.#values))
      if (i > 0) recent.unshift(...recent.splice(i, 1))
      return end
    }
    return -1
  }

  /** Takes the statement apart, and compiles it where none of its shape was. Answers where it ends. */
  #runOther(): number {
    const text = this.#text
    const start = this.#start
    const scanned = scanLiterals(text, start)
    const end = scanned?.end ?? statementEnd(text, start)
    const own = text.slice(start, end)
    const literals = (scanned?.literals ?? []).map(literal => ({
      ...literal,
      start: literal.start - start,
      end: literal.end - start
    }))
    const ready = this.#prepare(own, scanned && { ...scanned, literals })
    if (ready === null) return end
    const { statement, bind, parameters } = ready
    const run = bind!(statementFunctions, this.#pipeline) as Form['run']
    this.#counts.push(run(parameters))
    const template = makeTemplate(own, literals, statement.parameters)
    if (this.#recent.unshift({ run, template }) > RECENT) this.#recent.pop()
    return end
  }

  /** Null: the batch is refused because of the statement. */
  #prepare(own: string, scanned: ScannedStatement | null): ReadyChange | null {
    if (own.length > MAX_COMPILED) {
      this.#refused = tooLong
      return null
    }
    const ready = this.#statements.prepare(own, scanned)
    const { statement } = ready
    if (statement.kind === 'change') return ready as ReadyChange
    this.#refused = notAChange
    if (statement.kind === 'refused') {
      const before = blank(this.#text.slice(0, this.#start))
      this.#refused = this.#statements.compileAgain(`${before}${own}`, statement)
    }
    return null
  }
}

/** As many lines and columns, with nothing in them: positions stay what they are in the whole text. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

const tooLong = refused('statement-too-long', `a statement has up to ${MAX_COMPILED} characters`)
const notAChange = refused(
  'batch-of-changes',
  'only INSERT, UPDATE and DELETE can stand beside other statements',
  'Ask one question at a time.'
)

function refused(code: string, message: string, hint: string | null = null): Refused {
  const text = `error: ${message} [${code}]\n${hint === null ? '' : `  ${hint}\n`}`
  return { kind: 'refused', code, message, text, ...(hint === null ? {} : { hint }) }
}

/** All or nothing, as PostgreSQL does with the statements of one message. */
function refuseAt(refused: Refused, count: number): Refused {
  const where = `statement ${count} of the batch, of which nothing is kept`
  return {
    ...refused,
    message: `${refused.message}: ${where}`,
    text: `${refused.text}  It is ${where}.\n`
  }
}
