import { FRAME_SIZE, readSchemaId } from '../codec/schema-frame.ts'
import type { RecordError, SchemaLookup } from '../contract/index.ts'
import type { TimestampUnit } from '../sql/timestamp.ts'
import { AvroCursor, AvroFailure, fail, failureText } from './cursor.ts'
import { parseSchema, SchemaSyntaxError } from './parse-schema.ts'
import { type AvroColumn, type AvroPlan, type AvroProblem, planSchema } from './plan.ts'
import { Slots } from './slots.ts'

/**
 * Reads records in Avro into the slots of one reused row. For each schema that they were written with there is a plan, made when the
 * first such record comes: a list of what reads a column or passes over fields, so that nothing is made of what nobody asks for.
 */
export class AvroDecoder extends Slots {
  readonly #columns: readonly AvroColumn[]
  readonly #unit: TimestampUnit
  readonly #cursor = new AvroCursor()
  /** The schema of all records; null: each names its own. */
  readonly #only: AvroPlan | AvroProblem | null
  #lookup: SchemaLookup | null = null
  readonly #plans = new Map<number, AvroPlan | AvroProblem>()
  /** The plan whose missing columns are set. */
  #entered: AvroPlan | null = null
  #lastId = -1
  #last: AvroPlan | null = null
  #error: RecordError | null = null

  /** `schema`: that of all records, where they name none. */
  constructor(columns: readonly AvroColumn[], unit: TimestampUnit, schema: string | null = null) {
    super(columns.length)
    this.#columns = columns
    this.#unit = unit
    this.#only = schema === null ? null : this.#plan(schema, [])
  }

  /** To be called when the pipeline opens, where records name their schemas. */
  open(lookup: SchemaLookup): void {
    this.#lookup = lookup
  }

  /** Whether the record is a row, which is in the slots then; else `error` says why not. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (start < 0) return this.#reject('null-value', 'the record has no value')
    const plan = this.#only === null ? this.#planOf(bytes, start, end) : this.#known(this.#only)
    if (plan === null) return false
    if (plan !== this.#entered) this.#enter(plan)
    const cursor = this.#cursor
    cursor.move(bytes, this.#only === null ? start + FRAME_SIZE : start, end)
    try {
      const { steps } = plan
      for (let i = 0; i < steps.length; i++) steps[i]!(cursor, this)
      if (cursor.pos !== end) fail('trailing-bytes')
      return true
    } catch (error) {
      if (!(error instanceof AvroFailure)) throw error
      return this.#failed(error.code, cursor.pos - start)
    }
  }

  /** Why the last record was none. */
  error(): RecordError {
    return this.#error!
  }

  #planOf(bytes: Uint8Array, start: number, end: number): AvroPlan | null {
    const id = readSchemaId(bytes, start, end)
    if (id < 0) {
      const message = 'the value does not begin with the id of a schema: a zero and four bytes'
      this.#reject('no-schema-id', message)
      return null
    }
    if (id === this.#lastId) return this.#last
    const found = this.#plans.get(id) ?? this.#planFor(id)
    const plan = found === null ? null : this.#known(found, `schema ${id}: `)
    if (plan !== null) {
      this.#lastId = id
      this.#last = plan
    }
    return plan
  }

  /** Null: the record was rejected. */
  #planFor(id: number): AvroPlan | AvroProblem | null {
    const found = this.#lookup!.find(id)
    if ('code' in found) {
      // It may be there when it is asked for again.
      const { code, message, attempt = 1 } = found
      this.#error = { code, message, attempt, column: null, site: -1 }
      return null
    }
    const references = found.references.map(({ text }) => text)
    const plan =
      found.type === 'AVRO'
        ? this.#plan(found.text, references)
        : { code: 'wrong-schema', message: `it is ${found.type} and not AVRO`, column: null }
    this.#plans.set(id, plan)
    return plan
  }

  #plan(text: string, references: readonly string[]): AvroPlan | AvroProblem {
    try {
      return planSchema(parseSchema(text, references), this.#columns, this.#unit)
    } catch (error) {
      if (!(error instanceof SchemaSyntaxError)) throw error
      return { code: 'wrong-schema', message: error.message, column: null }
    }
  }

  #known(plan: AvroPlan | AvroProblem, which = ''): AvroPlan | null {
    if (!('code' in plan)) return plan
    this.#reject(plan.code, which + plan.message, plan.column)
    return null
  }

  #enter(plan: AvroPlan): void {
    for (const index of plan.missing) {
      const { type, missing } = this.#columns[index]!
      this.set(index, type, missing)
    }
    this.#entered = plan
  }

  #failed(code: string, at: number): boolean {
    // What was set before belongs to a record that is none.
    const column = ofRecord.has(code) ? null : this.column
    const text = `${failureText(code)} (byte ${at})`
    if (column === null) return this.#reject(code, text)
    const { name, sql } = this.#columns[column]!
    return this.#reject(code, `column "${name}" ${sql}: ${text}`, column)
  }

  #reject(code: string, message: string, column: number | null = null): false {
    const name = column === null ? null : this.#columns[column]!.name
    this.#error = { code, message, column: name, site: -1 }
    return false
  }
}

/** Failures that are no column's fault. */
const ofRecord: ReadonlySet<string> = new Set([
  ...['malformed-avro', 'truncated-avro', 'trailing-bytes', 'nested-too-deep'],
  'too-many-items'
])
