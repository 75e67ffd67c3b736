import type { RecordError, ValueType } from '../contract/index.ts'
import { ArrowFault } from './arrow-fault.ts'
import type { ArrowField } from './arrow-type.ts'
import type { ArrowVector } from './arrow-vector.ts'
import { followPath } from './follow-path.ts'
import type { ReadContext } from './read-context.ts'
import { type ReadValue, valueReader } from './value-reader.ts'

/** What a script says of a column that is read from Arrow. */
export interface ArrowColumnDefinition {
  readonly name: string
  /** The field, and the fields and places in lists inside of it to follow. */
  readonly path: readonly (string | number)[]
  readonly type: ValueType
  /** As SQL writes it. */
  readonly label: string
  readonly notNull: boolean
}

/** The values of a column, of all rows that are read at once. */
export class ArrowColumn<T> {
  readonly values: (T | null)[] = []
  readonly definition: ArrowColumnDefinition
  /** For a field that is missing. */
  readonly #otherwise: T | null

  constructor(definition: ArrowColumnDefinition, otherwise: T | null = null) {
    this.definition = definition
    this.#otherwise = otherwise
  }

  /** The place of its field among those of a schema; -1: it has none. Of equal names the last counts, as in JSON. */
  fieldIn(fields: readonly ArrowField[]): number {
    return fields.findLastIndex(({ name }) => name === this.definition.path[0])
  }

  /**
   * Reads the rows of a batch behind the `first` ones. `vector`: of its field; null: there is none. Throws a RangeError where the batch
   * is damaged, and WrongType where nothing of it can be read; `refuse` gets each row whose value can't be.
   */
  read(
    vector: ArrowVector | null,
    first: number,
    rows: number,
    cx: ReadContext,
    refuse: (row: number, error: RecordError) => void
  ): void {
    const { values } = this
    const read = vector === null ? null : this.#reader(vector, cx)
    if (read === null) {
      for (let row = 0; row < rows; row++) values[first + row] = this.#otherwise
      return
    }
    for (let row = 0; row < rows; row++) {
      values[first + row] = null
      try {
        values[first + row] = read(row) as T | null
      } catch (error) {
        if (!(error instanceof ArrowFault)) throw error
        refuse(first + row, this.errorOf(error))
      }
    }
  }

  #reader(vector: ArrowVector, cx: ReadContext): ReadValue | null {
    const { path, type } = this.definition
    if (path.length === 1) return valueReader(vector, type, cx)
    const inside = followPath(vector, path.slice(1), cx)
    if (inside === null) return null
    const read = valueReader(inside.vector, type, cx)
    return row => {
      const at = inside.locate(row)
      return at < 0 ? null : read(at)
    }
  }

  errorOf({ code, message }: ArrowFault): RecordError {
    const { name, label } = this.definition
    return { code, message: `column "${name}" ${label}: ${message}`, column: name, site: -1 }
  }

  /** Of a row without a value. */
  missing(): RecordError {
    return this.errorOf(MISSING)
  }
}

const MISSING = /* @__PURE__ */ new ArrowFault(
  'missing-value',
  'the field is missing or null, but the column is NOT NULL'
)
