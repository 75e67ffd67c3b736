import {
  absDecimal,
  type Decimal,
  decimalToInteger,
  formatDecimal,
  makeDecimal,
  pow10,
  roundDecimal
} from './decimal.ts'
import { type NumberNode, type NumberTemplate, parseNumberTemplate } from './number-template.ts'
import { romanNumeral } from './roman-numeral.ts'

/** to_char of an exact number, as PostgreSQL's. Half a unit is rounded away from zero. */
export function decimalToChar(value: Decimal, template: string): string {
  const format = parseNumberTemplate(template)
  const { exponent, fraction, roman, shift } = format
  if (exponent) return scientific(value, fraction)
  if (roman) return showRoman(Number(decimalToInteger(value)), format)
  const shifted = makeDecimal(value.unscaled * pow10(shift), value.scale)
  const rounded = widened(roundDecimal(shifted, fraction), fraction)
  const sign = rounded.unscaled < 0n ? '-' : '+'
  return new Layout(format, formatDecimal(absDecimal(rounded)), sign).text()
}

/** With at least as many digits behind the point as the template shows. */
function widened(value: Decimal, scale: number): Decimal {
  const missing = scale - value.scale
  return missing > 0 ? makeDecimal(value.unscaled * pow10(missing), scale) : value
}

/** A double has 15 digits that are sure: no more are shown. */
const SURE_DIGITS = 15

/** to_char of a double. */
export function doubleToChar(value: number, template: string): string {
  const format = parseNumberTemplate(template)
  const { exponent, roman, shift } = format
  if (exponent) return scientificDouble(value, format)
  if (roman) return showRoman(roundHalfEven(value), format)
  const shifted = shift === 0 ? value : value * 10 ** shift
  const size = digitsOf(Math.abs(shifted), 0).length
  const fraction = Math.max(Math.min(format.fraction, SURE_DIGITS - size), 0)
  const sign = shifted < 0 || Object.is(shifted, -0) ? '-' : '+'
  return new Layout({ ...format, fraction }, digitsOf(Math.abs(shifted), fraction), sign).text()
}

/** As C prints it: halves, which a double holds exactly, go to the even digit. */
function digitsOf(value: number, fraction: number): string {
  if (!Number.isFinite(value) || value >= 1e21) {
    return Number.isFinite(value) ? String(BigInt(value)) : String(value)
  }
  const text = value.toFixed(fraction)
  const exact = value.toFixed(Math.min(fraction + 30, 100))
  const isHalf = /^50*$/.test(exact.slice(text.length + (fraction === 0 ? 1 : 0)))
  if (!isHalf || !/[13579]$/.test(text)) return text
  return exact.slice(0, text.length)
}

function roundHalfEven(value: number): number {
  return Number(digitsOf(Math.abs(value), 0)) * Math.sign(value)
}

/** One digit, a point, the others, and a power of ten. */
function scientific(value: Decimal, fraction: number): string {
  const digits = String(absDecimal(value).unscaled)
  let power = value.unscaled === 0n ? 0 : digits.length - 1 - value.scale
  const scale = value.scale + power
  const mantissa = scale >= 0 ? makeDecimal(value.unscaled, scale) : widenBy(value, -scale)
  const rounded = widened(roundDecimal(mantissa, fraction), fraction)
  const text = formatDecimal(rounded)
  if (value.unscaled === 0n) power = 0
  return `${rounded.unscaled < 0n ? '' : ' '}${text}${powerOfTen(power)}`
}

function widenBy(value: Decimal, digits: number): Decimal {
  return makeDecimal(value.unscaled * pow10(digits), 0)
}

function scientificDouble(value: number, { whole, fraction }: NumberTemplate): string {
  if (!Number.isFinite(value)) {
    const marks = '#'.repeat(whole + fraction + 6).split('')
    marks[whole] = '.'
    return ` ${marks.join('')}`
  }
  const [mantissa, power] = value.toExponential(fraction).split('e')
  const isNegative = value < 0 || Object.is(value, -0)
  const signed = isNegative && !mantissa!.startsWith('-') ? `-${mantissa!}` : mantissa!
  return `${isNegative ? '' : ' '}${signed}${powerOfTen(Number(power))}`
}

function powerOfTen(power: number): string {
  return `e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

const ROMAN_WIDTH = 15

function showRoman(value: number, { nodes, fill }: NumberTemplate): string {
  const numeral = romanNumeral(value) ?? '#'.repeat(ROMAN_WIDTH)
  const shown = fill ? numeral : numeral.padStart(ROMAN_WIDTH)
  return nodes
    .map(({ kind, written }) => {
      if (kind === 'text') return written
      if (kind === 'currency') return ' '
      if (kind === 'group' || kind === 'minus' || kind === 'plus') return fill ? '' : ' '
      if (kind !== 'roman') return ''
      return written === 'rn' ? shown.toLowerCase() : shown
    })
    .join('')
}

/** Puts the digits of a number where its template wants them: PostgreSQL's own steps, since each has its exceptions. */
class Layout {
  readonly #format: NumberTemplate
  readonly #digits: string
  readonly #sign: '+' | '-'
  /** Digit patterns in front of the number's first digit. */
  readonly #spaces: number
  /** The last digit that FM leaves; -1: all stay. */
  readonly #lastRelevant: number
  readonly #brackets: boolean
  #signWritten: boolean
  /** After how many digit patterns the number is complete. */
  readonly #end: number
  /** The next digit, and the next digit pattern. */
  #at = 0
  #pattern = 0
  #inNumber = false
  #out = ''

  constructor(format: NumberTemplate, digits: string, sign: '+' | '-') {
    const { brackets, fill, fraction, point, shift } = format
    const whole = format.whole + shift
    const size = digits.includes('.') ? digits.indexOf('.') : digits.length
    this.#format = format
    this.#sign = sign
    this.#spaces = Math.max(whole - size, 0)
    this.#digits = size > whole ? tooLong(whole, fraction) : digits
    this.#lastRelevant =
      fill && point ? lastRelevant(this.#digits, format.zeroEnd, this.#spaces) : -1
    this.#brackets = brackets && !(fill && sign === '+')
    this.#signWritten = needsNoSign(format, sign)
    const count = fraction + whole - 1 + (!this.#signWritten && this.#spaces === 0 ? 1 : 0)
    this.#end = count + (this.#spaces > 0 ? 1 : 0) + (point ? 1 : 0)
  }

  text(): string {
    for (const node of this.#format.nodes) this.#write(node)
    return this.#out
  }

  #write({ kind, written }: NumberNode): void {
    const blank = this.#format.fill ? '' : ' '
    switch (kind) {
      case 'digit':
      case 'zero':
      case 'point':
        return this.#number(kind)
      case 'group':
        this.#out += this.#inNumber ? ',' : blank
        return
      case 'minus':
      case 'plus':
      case 'sign':
        this.#out += this.#isShownBy(kind) ? this.#sign : blank
        return
      case 'currency':
        this.#out += ' '
        return
      case 'ordinal':
        this.#out += this.#ordinal(written)
        return
      case 'text':
        this.#out += written
        return
      case 'roman':
        throw new Error('roman numerals have no digits')
    }
  }

  #isShownBy(kind: 'minus' | 'plus' | 'sign'): boolean {
    return kind === 'sign' || (kind === 'minus') === (this.#sign === '-')
  }

  #ordinal(written: string): string {
    if (!/^\d/.test(this.#digits) || this.#sign === '-' || this.#format.point) return ''
    const ending = ordinalEnding(this.#digits)
    return written === 'TH' ? ending.toUpperCase() : ending
  }

  #number(kind: 'digit' | 'zero' | 'point'): void {
    this.#inNumber = false
    this.#writeSign()
    const { fill, zeroStart } = this.#format
    const isInFront = this.#pattern < this.#spaces
    if (isInFront && (zeroStart < 0 || zeroStart > this.#pattern)) this.#out += fill ? '' : ' '
    else if (isInFront) this.#digit('0')
    else this.#next(kind)
    this.#closeSign()
    this.#pattern++
  }

  #digit(digit: string): void {
    this.#out += digit
    this.#inNumber = true
  }

  /** Whether this is the 0 in front of the point of a number below 1, which 9 does not show. */
  #isLeadingZero(): boolean {
    const { fraction, zeroStart } = this.#format
    return zeroStart < 0 && this.#at === 0 && this.#digits[0] === '0' && fraction > 0
  }

  /** Whether no digit behind the point is relevant. */
  #endsAtPoint(): boolean {
    return this.#lastRelevant >= 0 && this.#digits[this.#lastRelevant] === '.'
  }

  #next(kind: 'digit' | 'zero' | 'point'): void {
    const { fill } = this.#format
    const digit = this.#digits[this.#at]
    if (digit === '.') this.#out += '.'
    else if (digit !== undefined) {
      const isLeft = this.#lastRelevant >= 0 && this.#at > this.#lastRelevant && kind !== 'zero'
      if (isLeft) this.#at += 0
      else if (this.#isLeadingZero()) {
        if (!fill) this.#out += ' '
        else if (this.#endsAtPoint()) this.#out += '0'
      } else this.#digit(digit)
    }
    if (digit !== undefined) this.#at++
  }

  #writeSign(): void {
    const { anchor, fill, zeroStart } = this.#format
    const isAtNumber =
      this.#pattern >= this.#spaces || (zeroStart >= 0 && zeroStart === this.#pattern)
    if (this.#signWritten || !isAtNumber) return
    if (this.#isLeadingZero() && !this.#endsAtPoint()) return
    if (anchor !== 'none') {
      if (anchor === 'behind') return
      this.#out += this.#sign
    } else if (this.#brackets) this.#out += this.#sign === '+' ? ' ' : '<'
    else if (this.#sign === '-') this.#out += '-'
    else if (!fill) this.#out += ' '
    this.#signWritten = true
  }

  /** What stands behind the last digit. */
  #closeSign(): void {
    const isCut = this.#lastRelevant >= 0 && this.#lastRelevant === this.#at
    const end = isCut ? this.#pattern : this.#end
    if (this.#pattern + 1 !== end) return
    if (this.#signWritten && this.#brackets) this.#out += this.#sign === '+' ? ' ' : '>'
    else if (this.#format.anchor === 'behind') this.#out += this.#sign
  }
}

/** MI and SG write it, or FM leaves it out. */
function needsNoSign({ anchor, fill, minus, plus }: NumberTemplate, sign: '+' | '-'): boolean {
  if (plus || minus) return minus
  return sign === '+' && fill && anchor === 'none'
}

function ordinalEnding(digits: string): string {
  const isTeen = digits.at(-2) === '1'
  return isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][Number(digits.at(-1))] ?? 'th')
}

function tooLong(whole: number, fraction: number): string {
  return `${'#'.repeat(whole)}.${'#'.repeat(fraction)}`
}

/** The last digit behind the point that is no zero, or the point; digits of the pattern 0 stay. */
function lastRelevant(digits: string, zeroEnd: number, spaces: number): number {
  const point = digits.indexOf('.')
  if (point < 0) return -1
  let last = digits.length - 1
  while (last > point && digits[last] === '0') last--
  return zeroEnd > spaces ? Math.max(last, Math.min(digits.length - 1, zeroEnd - spaces)) : last
}
