import type { ColumnType } from '../contract/index.ts'

/**
 * Where a decoder leaves the values of a record, each column at its own index. Numbers, times and booleans are in `number`, where NULL
 * is NaN; a BIGINT that is no safe integer is Infinity there, and itself in `wide`. All others are in `object`, where NULL is null.
 * NaN is a value of REAL and DOUBLE too: of these `isNull` tells.
 */
export class Slots {
  readonly number: Float64Array
  readonly wide: (bigint | null)[]
  readonly object: unknown[]
  readonly isNull: Uint8Array
  /** The column that is read. */
  column = -1

  constructor(count: number) {
    this.number = new Float64Array(count).fill(NaN)
    this.wide = new Array<bigint | null>(count).fill(null)
    this.object = new Array<unknown>(count).fill(null)
    this.isNull = new Uint8Array(count).fill(1)
  }

  setNull(slot: number): void {
    this.number[slot] = NaN
    this.object[slot] = null
    this.isNull[slot] = 1
  }

  /** A value as generated code has it. */
  set(slot: number, type: ColumnType, value: unknown): void {
    this.setNull(slot)
    if (value === null) return
    if (!isNumber(type)) this.object[slot] = value
    else if (typeof value === 'bigint') {
      this.number[slot] = Infinity
      this.wide[slot] = value
    } else this.number[slot] = Number(value)
    this.isNull[slot] = 0
  }

  /** The inverse of `set`. */
  get(slot: number, type: ColumnType): unknown {
    if (!isNumber(type)) return this.object[slot]
    const near = this.number[slot]!
    if (type.kind === 'Real' || type.kind === 'Double') return this.isNull[slot] === 1 ? null : near
    if (near !== near) return null
    if (type.kind === 'Boolean') return near === 1
    return type.kind === 'BigInt' && near === Infinity ? this.wide[slot] : near
  }
}

const numbers: ReadonlySet<ColumnType['kind']> = new Set([
  ...(['Boolean', 'SmallInt', 'Int', 'BigInt', 'Real', 'Double'] as const),
  ...(['Date', 'Time', 'Timestamp', 'TimestampTz'] as const)
])

/** Whether values of a type are in `number`. */
export function isNumber({ kind }: ColumnType): boolean {
  return numbers.has(kind)
}
