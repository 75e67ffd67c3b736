import { addDecimal, divideDecimal } from '../functions/decimal.ts'
import { type Decimal, decimalFromInteger, makeDecimal, pow10 } from '../sql/decimal.ts'

/** The exact sum of decimals, at the largest scale that any of them had. It has more digits than a DECIMAL while it is summed. */
export class DecimalSum {
  #unscaled = 0n
  #scale = 0
  #count = 0

  add(value: Decimal): void {
    this.#take(value)
    this.#count++
  }

  remove(value: Decimal): void {
    this.#take({ ...value, unscaled: -value.unscaled })
    this.#count--
  }

  merge(other: DecimalSum): void {
    this.#take(other.#total())
    this.#count += other.#count
  }

  /** At the larger scale of the two. */
  #take({ unscaled, scale }: Decimal): void {
    if (scale > this.#scale) {
      this.#unscaled *= pow10(scale - this.#scale)
      this.#scale = scale
    }
    this.#unscaled += scale === this.#scale ? unscaled : unscaled * pow10(this.#scale - scale)
  }

  /** Null: no value. Throws a SqlFailure where a DECIMAL has too few digits for it. */
  sum(site: number): Decimal | null {
    return this.#count === 0 ? null : addDecimal(this.#total(), decimalFromInteger(0), site)
  }

  average(site: number): Decimal | null {
    if (this.#count === 0) return null
    return divideDecimal(this.#total(), decimalFromInteger(this.#count), site)
  }

  #total(): Decimal {
    return makeDecimal(this.#unscaled, this.#scale)
  }

  save(): unknown {
    return [this.#unscaled, this.#scale, this.#count]
  }

  static load(saved: unknown): DecimalSum {
    const sum = new DecimalSum()
    const [unscaled, scale, count] = saved as readonly [bigint, number, number]
    sum.#unscaled = unscaled
    sum.#scale = scale
    sum.#count = count
    return sum
  }
}
