/** What `miraclec test` hands over: the tests of one SQL file, as data. */
export interface SuitePlan {
  /** As the user named it. */
  readonly file: string
  /** The ONNX files, by model. */
  readonly models: Readonly<Record<string, string>>
}

/** A position in the SQL file, both from 1. */
export interface Place {
  readonly line: number
  readonly column: number
}

export interface TestPlan {
  readonly place: Place
  /** What the clock shows at the start, in ms since the epoch. */
  readonly start: number
  readonly steps: readonly TestStep[]
}

interface StepBase<Kind extends string> {
  readonly kind: Kind
  readonly place: Place
}
export type TestStep =
  | InputStep
  | (StepBase<'raw'> & {
      readonly topic: string
      readonly at: number | null
      /** Base64. */
      readonly records: readonly string[]
    })
  /** A statement: its place in the pipeline's `asked`. */
  | (StepBase<'change'> & { readonly index: number })
  | ModelStep
  | (StepBase<'advance'> & { readonly to: number })
  | ExpectStep
  | (StepBase<'expectRows'> & { readonly target: Target; readonly count: number })
  | (StepBase<'expectCount'> & { readonly what: 'ERRORS' | 'LATE'; readonly count: number })

/** `values` names the task of the suite's values that writes the rows. */
export interface InputStep extends StepBase<'input'> {
  readonly topic: string
  readonly at: number | null
  /** The record's value is a JSON object of the columns, not one of them as it is. */
  readonly isDocument: boolean
  /** The object is the `after` of a Debezium envelope. */
  readonly isChange: boolean
  /** The rows are keys of rows that go: where a record has the key. Null: they come. */
  readonly deletes: 'text key' | 'json key' | 'before' | null
  readonly columns: readonly InputColumn[]
  readonly values: string
}

/** Where a column of a row goes in the record. */
export interface InputColumn {
  readonly name: string
  readonly to:
    | { readonly kind: 'field'; readonly path: readonly (string | number)[] }
    | { readonly kind: 'partition' | 'timestamp' }
    /** `isBytes`: base64 in the row, or a map of it. */
    | { readonly kind: 'value' | 'key' | 'headers'; readonly isBytes: boolean }
}

export interface ModelStep extends StepBase<'model'> {
  readonly model: string
  readonly values: string
}

export interface Target {
  /** Whose records are compared. */
  readonly sink: string
  /** What the sink holds by now (a table), or what came since the last time that somebody looked (a sink). */
  readonly isTable: boolean
  /** Records are Debezium's envelopes of rows, not rows. */
  readonly isChange: boolean
  /** The column that is a record's whole value; null: records are JSON. */
  readonly plain: { readonly name: string; readonly isBytes: boolean } | null
  /** As the test calls it. */
  readonly title: string
}

export interface ExpectStep extends StepBase<'expect'> {
  readonly target: Target
  readonly columns: readonly TestColumn[]
  /** The rows are keys of rows that are gone, of which these are the columns; null: they are rows that are there. */
  readonly keys: readonly string[] | null
  /** Records without a value are for another EXPECT. */
  readonly apart: boolean
  readonly values: string
}

export interface TestColumn {
  readonly name: string
  readonly type: ValueKind
}

/** How values of a column are compared: numbers by value, JSON by structure, text as it is. */
export type ValueKind = 'number' | 'double' | 'json' | 'text'
