import { LATE } from '../observe/error-counts.ts'
import { StoppedByRecord } from '../pipeline/stopped-by-record.ts'
import { type Cell, readRow, type Row } from './cells.ts'
import { type ComparedRow, compareRows } from './compare-rows.ts'
import { countOf, describeRejected, describeUnasked } from './describe.ts'
import { makeRecord } from './make-record.ts'
import type { MockModel } from './mock-model.ts'
import type { ExpectStep, InputStep, Place, Target, TestColumn, TestStep } from './plan.ts'
import { renderRows } from './render-rows.ts'
import { foldChanges, rowOfChange } from './table-rows.ts'
import type { Suite } from './suite.ts'
import type { TestClock } from './test-clock.ts'
import { failAt, type TestFailure } from './test-failure.ts'
import type { RejectedRecord, TestPipeline, WrittenRecord } from './test-pipeline.ts'

/** A record without a value: no row is like it. */
const NO_VALUE: Cell = { same: '(no value)', shown: '(no value)' }

/** Takes a test's steps one after the other; a step that fails throws a TestFailure. */
export class TestRun {
  readonly #suite: Suite
  readonly #pipeline: TestPipeline
  readonly #mocks: readonly MockModel[]
  readonly #clock: TestClock
  /** How much of a sink, of the errors and of the late rows is done with. */
  readonly #seen = new Map<string, number>()
  /** What the EXPECTs since the last other step looked at: they all look at the same. */
  readonly #looked = new Map<string, number>()
  /** What stopped the pipeline, and at which step. */
  #stop: { readonly error: StoppedByRecord; readonly place: Place } | null = null
  #stopIsCounted = false
  /** Statements of the test that failed, until an EXPECT ERRORS has counted them. */
  #refused: { readonly what: string; readonly place: Place; isCounted: boolean }[] = []

  constructor(suite: Suite, pipeline: TestPipeline, mocks: readonly MockModel[], clock: TestClock) {
    this.#suite = suite
    this.#pipeline = pipeline
    this.#mocks = mocks
    this.#clock = clock
  }

  /** What the script's own statements do is done before the first step. */
  async start(place: Place): Promise<void> {
    await this.#settle(place)
  }

  async take(step: TestStep): Promise<void> {
    switch (step.kind) {
      case 'input':
        return this.#input(step)
      case 'raw':
        return this.#raw(step)
      case 'advance':
        this.#endLook()
        this.#clock.advance(step.to)
        return this.#settle(step.place)
      case 'change':
        return this.#change(step)
      case 'model':
        return
      case 'expect':
        return this.#expect(step)
      case 'expectRows':
        return this.#expectRows(step)
      case 'expectCount':
        return this.#expectCount(step)
    }
  }

  /** A pipeline that stopped, or a statement that failed, is a failure that nobody may overlook. */
  finish(): void {
    const refused = this.#refused.find(({ isCounted }) => !isCounted)
    if (refused !== undefined) throw this.#failure(refused.place, refused.what)
    if (this.#stop === null || this.#stopIsCounted) return
    const { error, place } = this.#stop
    throw this.#failure(place, `the pipeline stopped: ${error.message}`)
  }

  async #input(step: InputStep): Promise<void> {
    const now = this.#moveTo(step.at)
    const rows = this.#suite.values.rows(step.values, step.place, this.#clock.now())
    const records = rows.map(row => makeRecord(step, row, now))
    await this.#give(step.topic, records, step.place)
  }

  /** A statement that fails changes nothing; an EXPECT ERRORS can count it, else the test fails. */
  async #change({ index, place }: Extract<TestStep, { kind: 'change' }>): Promise<void> {
    this.#endLook()
    if (this.#stop !== null) {
      const { message } = this.#stop.error
      throw this.#failure(place, `nothing can be changed: the pipeline has stopped: ${message}`)
    }
    const answer = await this.#pipeline.change(index)
    if (answer.kind === 'refused') {
      this.#refused.push({ what: `${answer.message} (${answer.code})`, place, isCounted: false })
    }
    await this.#settle(place)
  }

  async #raw(step: Extract<TestStep, { kind: 'raw' }>): Promise<void> {
    const timestamp = this.#moveTo(step.at)
    const records = step.records.map(text => ({
      key: null,
      value: Uint8Array.from(Buffer.from(text, 'base64')),
      timestamp
    }))
    await this.#give(step.topic, records, step.place)
  }

  /** The time of records that arrive AT a time; an earlier one than it is now is only theirs. */
  #moveTo(at: number | null): number {
    if (at !== null) this.#clock.advance(at)
    return at ?? this.#clock.now()
  }

  async #give(
    topic: string,
    records: Parameters<TestPipeline['give']>[1],
    place: Place
  ): Promise<void> {
    this.#endLook()
    if (this.#stop !== null) {
      const { message } = this.#stop.error
      throw this.#failure(place, `nobody reads the records: the pipeline has stopped: ${message}`)
    }
    this.#pipeline.give(topic, records)
    await this.#settle(place)
  }

  /** The EXPECTs that stand together are over: the next ones look at what comes from now on. */
  #endLook(): void {
    for (const [what, count] of this.#looked) this.#seen.set(what, count)
    this.#looked.clear()
    this.#refused = this.#refused.filter(({ isCounted }) => !isCounted)
  }

  async #settle(place: Place): Promise<void> {
    if (this.#stop !== null) return
    try {
      await this.#pipeline.settle()
    } catch (error) {
      if (!(error instanceof StoppedByRecord)) throw error
      this.#stop = { error, place }
    } finally {
      this.#checkModels()
    }
  }

  #checkModels(): void {
    const short = this.#mocks.find(({ asked, given }) => asked > given)
    if (short === undefined) return
    const { name, asked, given, place } = short
    const what = `model "${name}" is asked for ${countOf(asked, 'answer')}, but the test has ${given}`
    throw failAt(this.#suite.plan, place, what)
  }

  async #expect(step: ExpectStep): Promise<void> {
    const { target, columns, keys, values, place } = step
    const rows = this.#suite.values.rows(values, place, this.#clock.now())
    const expected = rows.map(row => readRow(columns, row))
    const actual = keys === null ? this.#rowsOf(step) : this.#keysOf(step, keys)
    const compared = compareRows(expected, actual)
    if (compared === null) return
    const title = keys === null ? target.title : `${target.title} DELETE`
    const what = `EXPECT ${title}: ${countDifference(compared)}`
    throw this.#failure(place, what, renderRows(columns, compared))
  }

  async #expectRows({ target, count, place }: Extract<TestStep, { kind: 'expectRows' }>) {
    const found = this.#look(target).length
    if (found === count) return
    const what = `EXPECT ${target.title} ROWS ${count}: there ${isAre(found, 'row')}`
    throw this.#failure(place, what)
  }

  /** Late rows are no errors: nothing is wrong with them. */
  async #expectCount({ what, count, place }: Extract<TestStep, { kind: 'expectCount' }>) {
    const all = this.#rejected(what)
    const refused = what === 'ERRORS' ? this.#refused : []
    const found = all.length - (this.#seen.get(what) ?? 0) + refused.length
    if (found !== count) {
      const noun = what === 'LATE' ? 'late row' : 'error'
      throw this.#failure(place, `EXPECT ${what} ${count}: there ${isAre(found, noun)}`)
    }
    this.#looked.set(what, all.length)
    for (const failed of refused) failed.isCounted = true
    // A statement that failed stopped it without a record that could be counted.
    if (what === 'ERRORS' && count > 0) this.#stopIsCounted = true
  }

  #rejected(what: 'ERRORS' | 'LATE'): readonly RejectedRecord[] {
    const isLate = what === 'LATE'
    return this.#pipeline.rejected.filter(({ error }) => (error.code === LATE) === isLate)
  }

  /** What there is to see in a sink or a table now. */
  #look(target: Target): readonly (string | null)[] {
    const { sink, isTable } = target
    if (!isTable) return this.#lookAtRecords(sink).map(({ value }) => rowOf(value, target))
    return foldChanges(this.#pipeline.written(sink).map(({ value }) => value!.toString()))
  }

  #lookAtRecords(sink: string): readonly WrittenRecord[] {
    const written = this.#pipeline.written(sink)
    this.#looked.set(sink, written.length)
    return written.slice(this.#seen.get(sink) ?? 0)
  }

  #rowsOf({ target, columns, apart }: ExpectStep): Row[] {
    const rows = this.#look(target)
    return (apart ? rows.filter(row => row !== null) : rows).map(row =>
      row === null ? columns.map(() => NO_VALUE) : readRow(columns, row)
    )
  }

  /** The keys of records without a value. */
  #keysOf({ target, columns, place }: ExpectStep, keys: readonly string[]): Row[] {
    const other = columns.find(({ name }) => !keys.includes(name))
    if (other !== undefined) {
      const what = `EXPECT ${target.title} DELETE: "${other.name}" is no column of the key, which is ${keys.join(', ')}`
      throw this.#failure(place, what)
    }
    return this.#lookAtRecords(target.sink)
      .filter(({ value }) => value === null)
      .map(({ key }) => readKey(columns, keys, key))
  }

  /** With what may explain it: errors, a stop, answers that nobody asked for. */
  #failure(place: Place, what: string, table = ''): TestFailure {
    const rejected = (['ERRORS', 'LATE'] as const).flatMap(kind =>
      this.#rejected(kind).slice(this.#seen.get(kind) ?? 0)
    )
    const stopped = this.#stop?.error.message ?? ''
    const details = [
      table,
      describeRejected(rejected, this.#suite.pipeline),
      ...this.#refused.map(refused => (what === refused.what ? '' : refused.what)),
      what.includes(stopped) ? '' : `the pipeline stopped: ${stopped}`,
      describeUnasked(this.#mocks)
    ]
    const said = details.filter(text => text !== '').join('\n\n')
    return failAt(this.#suite.plan, place, what, said)
  }
}

/** A key as sinks write it: one column as plain text, several as a JSON object. */
function readKey(columns: readonly TestColumn[], keys: readonly string[], key: Buffer | null): Row {
  const [column] = columns
  if (keys.length > 1 || column === undefined) return readRow(columns, key?.toString() ?? '{}')
  const text = key?.toString() ?? null
  const json = text === null || column.type !== 'text' ? text : JSON.stringify(text)
  return readRow(columns, `{${JSON.stringify(column.name)}:${json ?? 'null'}}`)
}

/** The row of a record, as JSON; null: it has none. */
function rowOf(value: Buffer | null, { isChange, plain }: Target): string | null {
  if (plain !== null) {
    const text = value?.toString(plain.isBytes ? 'base64' : 'utf8') ?? null
    return JSON.stringify({ [plain.name]: text })
  }
  if (value === null) return null
  return isChange ? rowOfChange(value.toString()) : value.toString()
}

function countDifference(rows: readonly ComparedRow[]): string {
  const missing = rows.filter(({ found }) => found === 'missing').length
  const unexpected = rows.filter(({ found }) => found === 'unexpected').length
  const parts = [
    missing === 0 ? '' : `${countOf(missing, 'row')} missing`,
    unexpected === 0 ? '' : `${countOf(unexpected, 'row')} unexpected`
  ]
  return parts.filter(part => part !== '').join(', ')
}

function isAre(count: number, what: string): string {
  return `${count === 1 ? 'is' : 'are'} ${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}`
}
