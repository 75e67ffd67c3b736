import { type Decimal, isDecimal, multiplyDecimal, rescale, roundToInteger } from '../decimal.ts'
import { Failure } from '../failure.ts'

/** A piece of a template: its pattern in upper case, or null for text. */
interface Piece {
  readonly name: string | null
  readonly text: string
}

function piecesOf(template: string): Piece[] {
  const pieces: Piece[] = []
  for (let rest = template; rest !== '';) {
    const quoted = /^"((?:\\[^]|[^"\\])*)"?/.exec(rest)
    const known = /^(EEEE|FM|MI|PL|PR|RN|SG|SP|TH|[,.09BCDGLSV])/i.exec(rest)?.[0]
    const isOneCase = known === known?.toUpperCase() || known === known?.toLowerCase()
    const pattern = known !== undefined && !isOneCase ? firstPattern(rest) : known
    if (quoted !== null) {
      pieces.push({ name: null, text: quoted[1]!.replace(/\\([^])/g, '$1') })
      rest = rest.slice(quoted[0].length)
    } else if (pattern !== undefined) {
      pieces.push({
        name: pattern.toUpperCase().replace('.', 'D').replace(',', 'G'),
        text: pattern
      })
      rest = rest.slice(pattern.length)
    } else {
      const letter = [...(rest.startsWith('\\"') ? rest.slice(1) : rest)][0]!
      rest = rest.slice((rest.startsWith('\\"') ? 1 : 0) + letter.length)
      pieces.push({ name: null, text: letter })
    }
  }
  return pieces
}

/** Of letters in mixed case a single one may still be a pattern. */
function firstPattern(text: string): string | undefined {
  return /^[BCDGLSV]/i.exec(text)?.[0]
}

interface Shape {
  readonly pieces: readonly Piece[]
  readonly has: ReadonlySet<string>
  readonly whole: number
  readonly fraction: number
  readonly shift: number
  /** The first digit before the point that is a 0; Infinity: none. */
  readonly firstZero: number
  /** Behind the last 0, counted in digits. */
  readonly afterZero: number
  /** S stands in front of a digit. */
  readonly leads: boolean
}

const together: readonly (readonly [name: string, before: string])[] = [
  ...([
    ['D', 'D'],
    ['D', 'V'],
    ['V', 'D'],
    ['S', 'S'],
    ['S', 'MI'],
    ['S', 'PL']
  ] as const),
  ...([
    ['S', 'SG'],
    ['S', 'PR'],
    ['MI', 'S'],
    ['PL', 'S'],
    ['SG', 'S'],
    ['PR', 'S']
  ] as const),
  ...([
    ['PR', 'MI'],
    ['PR', 'PL'],
    ['PR', 'SG'],
    ['9', 'PR'],
    ['0', 'PR']
  ] as const),
  ...(['S', 'MI', 'PL', 'SG', 'B', 'FM', 'PR', 'RN', 'V'] as const).map(
    before => ['EEEE', before] as const
  )
]

function shapeOf(template: string): Shape {
  const pieces = piecesOf(template)
  const names = pieces.map(({ name }) => name)
  names.forEach((name, i) => {
    const before = names.slice(0, i)
    const clash = together.some(([a, b]) => a === name && before.includes(b))
    if (clash || (name !== null && before.includes('EEEE'))) {
      throw new Failure('invalid-format', template)
    }
  })
  const point = names.indexOf('D') < 0 ? names.length : names.indexOf('D')
  const v = names.indexOf('V') < 0 ? names.length : names.indexOf('V')
  const isDigit = (i: number): boolean => names[i] === '0' || (names[i] === '9' && i < v)
  const digits = names.flatMap((_, i) => (isDigit(i) ? [i] : []))
  const zeros = digits.flatMap((i, place) => (names[i] === '0' ? [place] : []))
  const whole = digits.filter(i => i < point).length
  const firstZero = zeros[0] ?? Infinity
  const s = names.indexOf('S')
  return {
    pieces,
    has: new Set(names.filter(name => name !== null)),
    whole,
    fraction: digits.length - whole,
    shift: names.filter((name, i) => name === '9' && i > v).length,
    firstZero: firstZero < whole ? firstZero : Infinity,
    afterZero: (zeros.at(-1) ?? -1) + 1,
    leads: s >= 0 && s < point && digits.some(i => i > s && i < point)
  }
}

/** A template that a number is read by: no exponent, no roman numeral. */
export function shapeToRead(template: string): Omit<Shape, 'afterZero' | 'firstZero'> {
  const shape = shapeOf(template)
  if (shape.has.has('EEEE') || shape.has.has('RN')) throw new Failure('invalid-format', template)
  return shape
}

/** to_char of a number. */
export function numberToChar(value: Decimal | number, template: string): string {
  const shape = shapeOf(template)
  if (shape.has.has('EEEE')) return scientific(value, shape)
  if (shape.has.has('RN')) return roman(value, shape)
  const { negative, whole, fraction } = digitsFor(value, shape)
  return layout(shape, whole, fraction, negative)
}

interface Digits {
  readonly negative: boolean
  readonly whole: string
  readonly fraction: string
}

function digitsFor(value: Decimal | number, shape: Shape): Digits {
  if (isDecimal(value)) {
    const shifted = multiplyDecimal(value, { unscaled: 10n ** BigInt(shape.shift), scale: 0 })
    const rounded = rescale(shifted, shape.fraction)
    return split(rounded.unscaled < 0n, rounded.unscaled, shape.fraction)
  }
  const scaled = value * 10 ** shape.shift
  const negative = scaled < 0 || Object.is(scaled, -0)
  if (!Number.isFinite(scaled)) return { negative, whole: String(Math.abs(scaled)), fraction: '' }
  const sure = Math.max(0, 15 - String(roundExactly(Math.abs(scaled), 0)).length)
  const fraction = Math.min(shape.fraction, sure)
  return split(negative, roundExactly(Math.abs(scaled), fraction), fraction)
}

function split(negative: boolean, unscaled: bigint, scale: number): Digits {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  const point = digits.length - scale
  return { negative, whole: digits.slice(0, point), fraction: digits.slice(point) }
}

/** A double times 10^digits as the nearest integer, of two the even one: from its bits. */
function roundExactly(value: number, digits: number): bigint {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, value)
  const raw = bits.getBigUint64(0)
  const exponent = Number((raw >> 52n) & 0x7ffn)
  const mantissa = (raw & 0xfffffffffffffn) + (exponent === 0 ? 0n : 1n << 52n)
  const power = Math.max(exponent, 1) - 1075
  const numerator = mantissa * 10n ** BigInt(digits) * (power > 0 ? 1n << BigInt(power) : 1n)
  const denominator = power < 0 ? 1n << BigInt(-power) : 1n
  const quotient = numerator / denominator
  const twice = (numerator % denominator) * 2n
  const up = twice > denominator || (twice === denominator && quotient % 2n === 1n)
  return up ? quotient + 1n : quotient
}

/** Every digit pattern gets a character, a blank or nothing; the sign stands at the first character. */
function layout(
  shape: Shape,
  wholeDigits: string,
  fractionDigits: string,
  negative: boolean
): string {
  const { has, pieces, shift, firstZero, afterZero } = shape
  const width = shape.whole + shift
  const isTooLong = wholeDigits.length > width
  const whole = isTooLong ? '#'.repeat(width) : wholeDigits
  const fraction = isTooLong ? '#'.repeat(fractionDigits.length) : fractionDigits
  const fm = has.has('FM')
  const blank = fm ? '' : ' '
  const significant = fm ? fraction.replace(/0+$/, '').length : fraction.length
  const kept = Math.max(significant, Math.min(fraction.length, afterZero - width))
  const isHidden = whole === '0' && fraction.length > 0 && firstZero === Infinity
  const lead = width - whole.length
  const [sign, closing] = signsOf(shape, negative)
  const last = pieces.findLastIndex(({ name }) => name === '9' || name === '0' || name === 'D')
  let place = 0
  let behind = 0
  let signed = false
  let isInNumber = false
  let point = false
  const put = (text: string): string => {
    const shown = signed ? text : sign + text
    signed = true
    return shown
  }
  const digit = (): string => {
    isInNumber = false
    if (point) {
      const shown = behind < kept ? fraction[behind]! : ''
      behind++
      isInNumber = shown !== ''
      return isInNumber ? put(shown) : ''
    }
    const at = place++
    if (at < lead && at < firstZero) return blank
    if (at >= lead && isHidden) return fm ? (kept === 0 ? put('0') : '') : blank
    isInNumber = true
    return put(at < lead ? '0' : whole[at - lead]!)
  }
  const show = ({ name, text }: Piece): string => {
    switch (name) {
      case null:
        return text
      case '9':
      case '0':
        return digit()
      case 'D':
        point = true
        isInNumber = false
        return fraction === '' && !isTooLong ? '' : put('.')
      case 'G':
        return isInNumber ? ',' : blank
      case 'L':
        return ' '
      case 'TH':
        return isTooLong || negative || has.has('D') ? '' : ordinal(whole, text)
      default:
        return ownSign(name, negative, blank)
    }
  }
  return pieces.map((piece, i) => show(piece) + (i === last ? closing : '')).join('')
}

/** Patterns that are the sign, at their own place. */
function ownSign(name: string, negative: boolean, blank: string): string {
  switch (name) {
    case 'MI':
      return negative ? '-' : blank
    case 'PL':
      return negative ? blank : '+'
    case 'SG':
      return negative ? '-' : '+'
    default:
      return ''
  }
}

/** What stands in front of the number and behind it. */
function signsOf({ has, leads }: Shape, negative: boolean): readonly [string, string] {
  const mark = negative ? '-' : '+'
  const blank = has.has('FM') ? '' : ' '
  if (has.has('S')) return leads ? [mark, ''] : ['', mark]
  if (has.has('MI') || has.has('SG')) return ['', '']
  if (has.has('PR')) return negative ? ['<', '>'] : [blank, blank]
  return [negative ? '-' : blank, '']
}

function ordinal(digits: string, written: string): string {
  const endings: Readonly<Record<string, string>> = { 1: 'st', 2: 'nd', 3: 'rd' }
  const ending = /1\d$/.test(digits) ? 'th' : (endings[digits.at(-1)!] ?? 'th')
  return written === 'TH' ? ending.toUpperCase() : ending
}

/** The mantissa is rounded last: 9.99 with one digit is 10.0e+00. */
function scientific(value: Decimal | number, { whole, fraction }: Shape): string {
  if (!isDecimal(value)) {
    if (!Number.isFinite(value)) return ` ${'#'.repeat(whole)}.${'#'.repeat(fraction + 5)}`
    const [mantissa, power] = Math.abs(value).toExponential(fraction).split('e') as [string, string]
    const negative = value < 0 || Object.is(value, -0)
    return `${negative ? '-' : ' '}${mantissa}${exponent(Number(power))}`
  }
  const size = String(value.unscaled < 0n ? -value.unscaled : value.unscaled).length
  const power = value.unscaled === 0n ? 0 : size - 1 - value.scale
  const mantissa =
    value.unscaled === 0n ? value : { unscaled: value.unscaled, scale: value.scale + power }
  const rounded = rescale(mantissa, fraction).unscaled
  const { whole: first, fraction: rest } = split(rounded < 0n, rounded, fraction)
  const shown = rest === '' ? first : `${first}.${rest}`
  return `${value.unscaled < 0n ? '-' : ' '}${shown}${exponent(power)}`
}

function exponent(power: number): string {
  return `e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

function roman(value: Decimal | number, { pieces, has }: Shape): string {
  const rounded = isDecimal(value)
    ? roundToInteger(value)
    : Number.isFinite(value) && value > 0
      ? roundExactly(value, 0)
      : 0n
  const numeral = rounded >= 1n && rounded < 4000n ? toRoman(Number(rounded)) : '#'.repeat(15)
  const fm = has.has('FM')
  const shown = fm ? numeral : numeral.padStart(15)
  return pieces
    .map(({ name, text }) => {
      if (name === null) return text
      if (name === 'L') return ' '
      if (name === 'G' || name === 'MI' || name === 'PL') return fm ? '' : ' '
      if (name !== 'RN') return ''
      return text === 'rn' ? shown.toLowerCase() : shown
    })
    .join('')
}

/** Digit by digit, each of its place's letters. */
function toRoman(value: number): string {
  const letters = ['IVX', 'XLC', 'CDM', 'M']
  return [...String(value)]
    .toReversed()
    .map((digit, place) => {
      const [one, five, ten] = letters[place]!
      const spelled = ['', '1', '11', '111', '15', '5', '51', '511', '5111', '1T'][Number(digit)]!
      return spelled
        .replaceAll('1', one!)
        .replace('5', five ?? '')
        .replace('T', ten ?? '')
    })
    .toReversed()
    .join('')
}
