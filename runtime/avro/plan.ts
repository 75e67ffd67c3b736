import type { ColumnType } from '../contract/index.ts'
import type { TimestampUnit } from '../sql/timestamp.ts'
import { type AvroCursor, fail, MAX_DEPTH } from './cursor.ts'
import type { Store } from './scalar-stores.ts'
import { type AvroRecord, type AvroSchema, showSchema } from './schema.ts'
import { fixedSize, type Skip } from './skipper.ts'
import type { Slots } from './slots.ts'
import { makeReaders, Misfit, type ValueReaders } from './value-reader.ts'

/** A column that is read from a record. */
export interface AvroColumn {
  readonly name: string
  readonly type: ColumnType
  /** The type as the script writes it. */
  readonly sql: string
  /** The fields to follow from the record. */
  readonly path: readonly string[]
  readonly notNull: boolean
  /** For a field that is not there, as generated code has it. */
  readonly missing: unknown
}

type Step = (c: AvroCursor, s: Slots) => void

/** How records of one schema are read into the columns. */
export interface AvroPlan {
  readonly steps: readonly Step[]
  /** Columns that the schema has no field for: they are set once, while records of this schema come. */
  readonly missing: readonly number[]
}

/** Why no record of a schema can be read. */
export interface AvroProblem {
  readonly code: string
  readonly message: string
  /** Its index. */
  readonly column: number | null
}

/** Columns that begin with one field, and those behind it. */
interface Node {
  readonly own: number[]
  readonly inner: Map<string, Node>
}

/**
 * Resolves the schema that records were written with against the columns, by the names of fields: what nobody reads is passed over,
 * what is not there is the column's default, and what does not fit makes all records of the schema bad ones.
 */
export function planSchema(
  schema: AvroSchema,
  columns: readonly AvroColumn[],
  unit: TimestampUnit
): AvroPlan | AvroProblem {
  const planner = new Planner(columns, makeReaders(unit))
  const record = recordOf(schema)
  if (record === null) return planner.single(schema)
  const plan = planner.top(record)
  if ('code' in plan || record === schema) return plan
  // A union around the record: only the record is a value.
  const branches = (schema as Extract<AvroSchema, { kind: 'union' }>).branches
  const index = branches.indexOf(record)
  const enter: Step = c => {
    if (c.index(branches.length) !== index) fail('wrong-type')
  }
  return { ...plan, steps: [enter, ...plan.steps] }
}

/** The record that a schema is, or the only one of its union. */
function recordOf(schema: AvroSchema): AvroRecord | null {
  if (schema.kind === 'record') return schema
  if (schema.kind !== 'union') return null
  const records = schema.branches.filter(branch => branch.kind === 'record')
  return records.length === 1 ? records[0]! : null
}

class Planner {
  readonly #columns: readonly AvroColumn[]
  readonly #readers: ValueReaders
  #problem: AvroProblem | null = null

  constructor(columns: readonly AvroColumn[], readers: ValueReaders) {
    this.#columns = columns
    this.#readers = readers
  }

  top(record: AvroRecord): AvroPlan | AvroProblem {
    const { steps, missing } = this.#record(record, this.#tree())
    for (const index of missing) {
      const { notNull, missing: value, name } = this.#columns[index]!
      if (notNull && value === null) {
        const message = `column "${name}": the schema has no such field, but the column is NOT NULL`
        return this.#problem ?? { code: 'missing-value', message, column: index }
      }
    }
    return this.#problem ?? { steps, missing }
  }

  /** A value that is no record is that of the only column. */
  single(schema: AvroSchema): AvroPlan | AvroProblem {
    if (this.#columns.length !== 1 || this.#columns[0]!.path.length !== 1) {
      const message = `the schema is ${showSchema(schema)}, and no record with the columns' fields`
      return { code: 'wrong-type', message, column: null }
    }
    const step = this.#column(schema, 0)
    return this.#problem ?? { steps: [step], missing: [] }
  }

  #tree(): Node {
    const root: Node = { own: [], inner: new Map() }
    this.#columns.forEach(({ path }, index) => {
      let node = root
      for (const name of path) {
        const next = node.inner.get(name) ?? { own: [], inner: new Map<string, Node>() }
        node.inner.set(name, next)
        node = next
      }
      node.own.push(index)
    })
    return root
  }

  #record(record: AvroRecord, { inner }: Node): { steps: Step[]; missing: number[] } {
    const steps: Step[] = []
    const missing: number[] = []
    const left = new Map(inner)
    let skipped: AvroSchema[] = []
    const passOver = (): void => {
      steps.push(...this.#skips(skipped))
      skipped = []
    }
    for (const { name, schema } of record.fields) {
      const node = left.get(name)
      left.delete(name)
      if (node === undefined) {
        skipped.push(schema)
        continue
      }
      passOver()
      const found = this.#field(schema, node)
      steps.push(...found.steps)
      missing.push(...found.missing)
    }
    passOver()
    for (const node of left.values()) missing.push(...below(node))
    return { steps, missing }
  }

  /** Neighbours of a fixed size are passed over at once. */
  #skips(schemas: readonly AvroSchema[]): Step[] {
    const steps: Step[] = []
    let size = 0
    const flush = (): void => {
      const length = size
      if (length > 0) steps.push(c => c.skip(length))
      size = 0
    }
    for (const schema of schemas) {
      const fixed = fixedSize(schema)
      if (fixed !== null) size += fixed
      else {
        flush()
        const skip: Skip = this.#readers.skip(schema)
        steps.push(c => skip(c))
      }
    }
    flush()
    return steps
  }

  /** What reads one field: for each column that it is, and for the columns behind it, from its start. */
  #field(schema: AvroSchema, node: Node): { steps: Step[]; missing: number[] } {
    const reads: Step[][] = node.own.map(index => [this.#column(schema, index)])
    const missing: number[] = []
    if (node.inner.size > 0) {
      const found = this.#inside(schema, node)
      missing.push(...found.missing)
      if (found.steps.length > 0) reads.push(found.steps)
    }
    if (reads.length === 0) return { steps: this.#skips([schema]), missing }
    if (reads.length === 1) return { steps: reads[0]!, missing }
    const all: Step = (c, s) => {
      const start = c.pos
      for (const steps of reads) {
        c.pos = start
        for (const step of steps) step(c, s)
      }
    }
    return { steps: [all], missing }
  }

  #column(schema: AvroSchema, index: number): Step {
    const { type, notNull, name, sql } = this.#columns[index]!
    const store = this.#readers.store(schema, type, notNull)
    if (store instanceof Misfit) {
      const message = `column "${name}" ${sql}: the schema's field is ${store.text}`
      this.#problem ??= { code: 'wrong-type', message, column: index }
      return () => {}
    }
    const read: Store = store
    return (c, s) => {
      s.column = index
      read(c, s, index)
    }
  }

  /** The columns behind a field: it is a record, or one or none, else they are missing. */
  #inside(schema: AvroSchema, node: Node): { steps: Step[]; missing: number[] } {
    const all = [...node.inner.values()].flatMap(below)
    if (schema.kind === 'record') {
      const { steps, missing } = this.#record(schema, node)
      // What is missing here may be there in another branch around it.
      return { steps: [...steps, this.#absent(missing)], missing: [] }
    }
    if (schema.kind !== 'union') return { steps: [], missing: all }
    const branches = schema.branches.map((branch): readonly Step[] => {
      if (branch.kind === 'record') return this.#inside(branch, node).steps
      return [...this.#skips([branch]), this.#absent(all)]
    })
    const switched: Step = (c, s) => {
      if (++c.depth > MAX_DEPTH) fail('nested-too-deep')
      for (const step of branches[c.index(branches.length)]!) step(c, s)
      c.depth--
    }
    return { steps: [switched], missing: [] }
  }

  #absent(indexes: readonly number[]): Step {
    const columns = indexes.map(index => [index, this.#columns[index]!] as const)
    return (_, s) => {
      for (const [index, { type, notNull, missing }] of columns) {
        if (notNull && missing === null) {
          s.column = index
          fail('missing-value')
        }
        s.set(index, type, missing)
      }
    }
  }
}

function below({ own, inner }: Node): number[] {
  return [...own, ...[...inner.values()].flatMap(below)]
}
