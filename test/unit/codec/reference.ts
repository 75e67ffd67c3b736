// What JSON.parse says about a record, as the decoder of everything.ts should: the reference for random documents.
import { castDecimal, formatDecimal, parseDecimal } from '../../../runtime/sql/decimal.ts'

export interface ExpectedRow {
  readonly flag: boolean | null
  readonly small: number | null
  readonly id: bigint | null
  readonly amount: number | null
  readonly price: string | null
  readonly note: string | null
  readonly doc: unknown
}

interface Context {
  readonly source?: string
}
type Sourced = (this: object, key: string, value: unknown, context: Context) => unknown
const parse = JSON.parse as (text: string, reviver: Sourced) => unknown

class NoFit extends Error {}

function reject(): never {
  throw new NoFit()
}

/** The row, or null if the record is bad. JSON.parse takes less care of UTF-8, so that is asked first. */
export function expectedRow(record: Uint8Array): ExpectedRow | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(record)
    const scalars: { holder: object; key: string; source: string }[] = []
    const root = parse(text, function (key, value, context) {
      if (context.source !== undefined) scalars.push({ holder: this, key, source: context.source })
      return value
    })
    if (typeof root !== 'object' || root === null || Array.isArray(root)) return null
    const own = scalars.filter(scalar => scalar.holder === root)
    return readRow(
      root as Record<string, unknown>,
      new Map(own.map(scalar => [scalar.key, scalar.source]))
    )
  } catch (error) {
    if (error instanceof NoFit || error instanceof SyntaxError || error instanceof TypeError)
      return null
    throw error
  }
}

function readRow(value: Record<string, unknown>, sources: Map<string, string>): ExpectedRow {
  const own = (key: string) => (Object.hasOwn(value, key) ? (value[key] ?? null) : null)
  const flag = own('flag')
  const amount = own('amount')
  if (flag !== null && typeof flag !== 'boolean') reject()
  if (amount !== null && (typeof amount !== 'number' || !Number.isFinite(amount))) reject()
  return {
    flag,
    small: own('small') === null ? null : readSmall(sources.get('small')),
    id: own('id') === null ? null : readId(sources.get('id')),
    amount,
    price: own('price') === null ? null : readPrice(sources.get('price')),
    note: readNote(own('note')),
    doc: own('doc')
  }
}

const INTEGER = /^-?(0|[1-9]\d*)$/

function readSmall(source: string | undefined): number {
  if (source === undefined || !INTEGER.test(source)) reject()
  const small = Number(source)
  return small === (small | 0) ? small + 0 : reject()
}

function readId(source: string | undefined): bigint {
  const digits = source?.replace(/^"(.*)"$/, '$1')
  if (digits === undefined || !INTEGER.test(digits)) reject()
  const id = BigInt(digits)
  return BigInt.asIntN(64, id) === id ? id : reject()
}

function readPrice(source: string | undefined): string {
  const digits = source?.replace(/^"(.*)"$/, '$1')
  if (digits === undefined || !/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(digits)) reject()
  try {
    return formatDecimal(castDecimal(parseDecimal(digits)!, 10, 2))
  } catch {
    return reject()
  }
}

function readNote(note: unknown): string | null {
  if (note === null) return null
  if (typeof note === 'object') return JSON.stringify(note)
  return typeof note === 'string' && note.isWellFormed() ? note : reject()
}
