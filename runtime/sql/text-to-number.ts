import { castDecimal, type Decimal, fit, parseDecimal, pow10 } from './decimal.ts'
import { type NumberNode, type NumberTemplate, parseNumberTemplate } from './number-template.ts'
import { ValueError } from './value-error.ts'

/** to_number, as PostgreSQL's: the text is read along the template. NULL for an empty template. */
export function textToNumber(text: string, template: string): Decimal | null {
  if (template === '') return null
  const format = parseNumberTemplate(template)
  const { exponent, roman, shift, whole } = format
  if (exponent || roman) {
    const name = exponent ? 'EEEE' : 'RN'
    throw new ValueError('invalid-format', `${name} in the template of a number can't be read`)
  }
  const { digits, scale } = new Reader(format, new TextEncoder().encode(text)).read()
  const value = parseDecimal(digits)
  if (value === null) throw new ValueError('invalid-cast', 'the text is no number of the template')
  const fitting = castDecimal(value, whole + shift + scale, scale)
  return shift === 0 ? fitting : shifted(fitting, shift)
}

/** PostgreSQL multiplies by a power of ten that has so many digits behind the point. */
const POWER_SCALE = 16

function shifted({ unscaled, scale }: Decimal, shift: number): Decimal {
  const digits = Math.max(POWER_SCALE, shift)
  return fit(unscaled * pow10(digits - shift), scale + digits)
}

const [SPACE, POINT, COMMA, MINUS, PLUS, LESS] = [0x20, 0x2e, 0x2c, 0x2d, 0x2b, 0x3c] as const

/** Takes PostgreSQL's own steps, byte by byte, since each has its exceptions. */
class Reader {
  readonly #format: NumberTemplate
  readonly #bytes: Uint8Array
  #at = 0
  #sign = ''
  #digits = ''
  #before = 0
  #behind = 0
  #hasPoint = false

  constructor(format: NumberTemplate, bytes: Uint8Array) {
    this.#format = format
    this.#bytes = bytes
  }

  /** What has been read, as a number is written, and how many of its digits are behind the point. */
  read(): { readonly digits: string; readonly scale: number } {
    for (const node of this.#format.nodes) {
      if (this.#isAtEnd()) break
      this.#take(node)
    }
    return { digits: this.#sign + this.#digits.replace(/\.$/, ''), scale: this.#behind }
  }

  #isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  #take({ kind }: NumberNode): void {
    const byte = this.#bytes[this.#at]!
    switch (kind) {
      case 'digit':
      case 'zero':
      case 'point':
        this.#number(kind)
        this.#at++
        return
      case 'group':
        this.#at += this.#format.fill || byte !== COMMA ? 0 : 1
        return
      case 'minus':
        return this.#ownSign(byte === MINUS)
      case 'plus':
        return this.#ownSign(byte === PLUS)
      case 'sign':
        return this.#ownSign(isSign(byte))
      case 'currency':
        return this.#skip(1)
      case 'ordinal':
        return this.#skip(this.#format.point ? 0 : 2)
      case 'text':
        this.#at += this.#characterSize()
        return
      case 'roman':
        throw new Error('roman numerals are not read')
    }
  }

  /** A sign with a pattern of its own. */
  #ownSign(isThere: boolean): void {
    if (isThere) this.#readSign()
    else this.#skip(1)
  }

  #readSign(): void {
    this.#sign = this.#bytes[this.#at] === PLUS ? '+' : '-'
    this.#at++
  }

  /** Characters that belong to no number. */
  #skip(count: number): void {
    for (let i = 0; i < count && !this.#isAtEnd(); i++) {
      const byte = this.#bytes[this.#at]!
      if (isDigit(byte) || byte === POINT || isSign(byte) || byte === COMMA) return
      this.#at += this.#characterSize()
    }
  }

  #characterSize(): number {
    const byte = this.#bytes[this.#at]!
    if (byte < 0xc0) return 1
    return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4
  }

  /** At a digit's or the point's pattern; the byte that has been read is the one in front of the next pattern. */
  #number(kind: 'digit' | 'zero' | 'point'): void {
    if (this.#bytes[this.#at] === SPACE) this.#at++
    if (this.#isAtEnd()) return
    if (kind !== 'point' && this.#before + this.#behind === 0) this.#leadingSign()
    if (this.#isAtEnd()) return
    const wasRead = this.#digitOrPoint()
    if (wasRead !== null && this.#sign === '' && this.#before + this.#behind > 0) {
      this.#closingSign(wasRead)
    }
  }

  #leadingSign(): void {
    const byte = this.#bytes[this.#at]!
    const opens = this.#format.brackets && this.#format.anchor !== 'before' && byte === LESS
    if (this.#sign === '' && (opens || isSign(byte))) this.#readSign()
  }

  /** Whether there was one; null: there are more digits than the template has. */
  #digitOrPoint(): boolean | null {
    const { fraction, point } = this.#format
    const byte = this.#bytes[this.#at]!
    if (isDigit(byte)) {
      if (this.#hasPoint && this.#behind === fraction) return null
      this.#digits += String.fromCharCode(byte)
      if (this.#hasPoint) this.#behind++
      else this.#before++
      return true
    }
    const isPoint = point && !this.#hasPoint && byte === POINT
    if (!isPoint) return false
    this.#digits += '.'
    this.#hasPoint = true
    return true
  }

  #closingSign(wasRead: boolean): void {
    const { anchor, minus, plus } = this.#format
    if (anchor !== 'none') {
      const next = this.#bytes[this.#at + 1]
      if (!wasRead || next === undefined || !isSign(next)) return
      this.#at++
      this.#sign = next === PLUS ? '+' : '-'
    } else if (!wasRead && (minus || plus)) {
      const byte = this.#bytes[this.#at]!
      if (isSign(byte)) this.#sign = byte === PLUS ? '+' : '-'
    }
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isSign(byte: number): boolean {
  return byte === MINUS || byte === PLUS
}
