import { parseJson } from '../../oracle/index.ts'
import type { FixtureRecord } from '../records.ts'
import { canonicalJson } from './canonical-json.ts'

const MAX_DEPTH = 100
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** How a sink says what has changed. `append`: it writes rows, and never changes one. */
export type ChangelogFormat = 'append' | 'json' | 'upsert' | 'debezium'

/** What a topic's records come to. */
export interface ChangelogFold {
  add(record: FixtureRecord): void
  /** The rows that are left, as JSON. */
  rows(): readonly string[]
  /** What a reader of the topic would stumble over: a change of a row that is not there. */
  readonly problems: readonly string[]
}

/** Folds a changelog record by record, so that it can be asked after each step. */
export function makeFold(format: ChangelogFormat): ChangelogFold {
  const fold = new Fold()
  const readers: Readonly<Record<ChangelogFormat, (record: FixtureRecord) => void>> = {
    append: record => readAppended(record, fold),
    json: record => readImages(record, fold),
    upsert: record => readUpsert(record, fold),
    debezium: record => readDebezium(record, fold)
  }
  return { add: readers[format], rows: () => fold.rows(), problems: fold.problems }
}

/** All records of a topic at once. */
export function foldChangelog(
  records: readonly FixtureRecord[],
  format: ChangelogFormat
): ChangelogFold {
  const fold = makeFold(format)
  for (const record of records) fold.add(record)
  return fold
}

/** Rows by the record's key; those without one are a bag of their own, and those that nobody can change a list. */
class Fold {
  readonly problems: string[] = []
  readonly #appended: string[] = []
  readonly #keyed = new Map<string, string>()
  /** By what they say, however they spell it: a row that is told to leave is one that is equal to it. */
  readonly #keyless = new Map<string, string[]>()

  append(text: string): void {
    this.#appended.push(text)
  }

  /** `text` has to come up for the first time under its key. */
  create(key: string | null, text: string): void {
    if (key === null) {
      const equal = this.#keyless.get(canonical(text)) ?? []
      this.#keyless.set(canonical(text), [...equal, text])
    } else {
      if (this.#keyed.has(key)) this.problems.push(`created twice: ${key} ${text}`)
      this.#keyed.set(key, text)
    }
  }

  replace(key: string, before: string | null, text: string): void {
    this.#expect(key, before)
    this.#keyed.set(key, text)
  }

  put(key: string, text: string): void {
    this.#keyed.set(key, text)
  }

  remove(key: string | null, before: string | null): void {
    if (key !== null) {
      this.#expect(key, before)
      this.#keyed.delete(key)
      return
    }
    const equal = this.#keyless.get(canonical(before!)) ?? []
    if (equal.length === 0) this.problems.push(`deleted, but not there: ${before}`)
    const same = Math.max(0, equal.indexOf(before!))
    this.#keyless.set(canonical(before!), equal.toSpliced(same, 1))
  }

  rows(): readonly string[] {
    return [...this.#appended, ...this.#keyed.values(), ...[...this.#keyless.values()].flat()]
  }

  #expect(key: string, before: string | null): void {
    const found = this.#keyed.get(key)
    if (found === undefined) this.problems.push(`changed, but not there: ${key} ${before ?? ''}`)
    else if (before !== null && !isSameRow(found, before)) {
      this.problems.push(`the row before is another: ${key} ${before} in place of ${found}`)
    }
  }
}

/** A column that is only copied keeps its spelling, in one image and not in the other. */
function isSameRow(a: string, b: string): boolean {
  return a === b || canonical(a) === canonical(b)
}

function readAppended(record: FixtureRecord, fold: Fold): void {
  const text = valueText(record)
  if (record.op !== null) fold.problems.push(`a change where rows are only added: ${record.op}`)
  if (text === null) fold.problems.push('a record without a value')
  else fold.append(text)
}

/** After-images, and before-images of what is deleted. */
function readImages(record: FixtureRecord, fold: Fold): void {
  const key = keyText(record)
  const text = valueText(record)
  if (text === null) fold.problems.push(`a record without a value: ${key}`)
  else if (record.op === 'c') fold.create(key, text)
  else if (record.op === 'd') fold.remove(key, text)
  else if (record.op === 'u' && key !== null) fold.replace(key, null, text)
  else fold.problems.push(`no change that can be followed: ${record.op} ${key} ${text}`)
}

function readUpsert(record: FixtureRecord, fold: Fold): void {
  const key = keyText(record)
  const text = valueText(record)
  if (key === null) fold.problems.push(`an upsert without a key: ${text}`)
  else if (text === null) fold.remove(key, null)
  else if (record.op === 'c') fold.create(key, text)
  else if (record.op === 'u') fold.replace(key, null, text)
  else fold.put(key, text)
}

function readDebezium(record: FixtureRecord, fold: Fold): void {
  const key = keyText(record)
  const images = readEnvelope(valueText(record))
  if (images === null) fold.problems.push(`not an envelope: ${valueText(record)}`)
  else if (images.after === null) fold.remove(key, images.before)
  else if (images.before === null) fold.create(key, images.after)
  else if (key !== null) fold.replace(key, images.before, images.after)
  else {
    fold.remove(null, images.before)
    fold.create(null, images.after)
  }
}

interface Images {
  readonly before: string | null
  readonly after: string | null
}

/** Null: it is none, or says c, u or d without the images that belong to it. */
function readEnvelope(text: string | null): Images | null {
  const json = text === null ? null : parseJson(text, MAX_DEPTH)
  if (json?.kind !== 'Object') return null
  const image = (name: string): string | null => {
    const member = json.members.get(name)
    return member === undefined || member.kind === 'Null' ? null : member.text
  }
  const images = { before: image('before'), after: image('after') }
  const op = json.members.get('op')
  return op?.kind === 'String' && op.value === opOf(images) ? images : null
}

function opOf({ before, after }: Images): string | null {
  if (before === null) return after === null ? null : 'c'
  return after === null ? 'd' : 'u'
}

function keyText({ key }: FixtureRecord): string | null {
  return key === null ? null : decoder.decode(key)
}

function valueText({ value }: FixtureRecord): string | null {
  return value === null ? null : decoder.decode(value)
}

function canonical(text: string): string {
  return canonicalJson(parseJson(text, MAX_DEPTH))
}
