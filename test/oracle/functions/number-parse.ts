import { type Decimal, makeDecimal, parseDecimal, rescale, showDecimal } from '../decimal.ts'
import { Failure } from '../failure.ts'
import { shapeToRead } from './number-format.ts'

/** What is left of a text, of which each character stands for a byte, and what has been read of it. */
interface Reading {
  readonly rest: string
  readonly sign: string
  readonly whole: string
  /** Null: no point yet. */
  readonly fraction: string | null
}

type Shape = ReturnType<typeof shapeToRead>

/** to_number. PostgreSQL reads bytes, and shifts by a power of ten with 16 digits behind the point. */
export function readNumber(text: string, template: string): Decimal | null {
  if (template === '') return null
  const shape = shapeToRead(template)
  const rest = Buffer.from(text, 'utf8').toString('latin1')
  let reading: Reading = { rest, sign: '', whole: '', fraction: null }
  // Each character of a text stands for one.
  const names = shape.pieces.flatMap(({ name, text: quoted }) =>
    name === null ? [...quoted].map(() => null) : [name]
  )
  for (const name of names) {
    if (reading.rest === '') break
    reading = step(reading, name, shape)
  }
  const { sign, whole, fraction } = reading
  const value = parseDecimal(`${sign}${whole}${fraction === null ? '' : `.${fraction}`}`)
  if (value === null) throw new Failure('invalid-cast', text)
  const digits = showDecimal(value).replace(/[-.]|^-?0+/g, '')
  const room = shape.whole + shape.shift + (fraction ?? '').length
  if (digits.replace(/^0+/, '').length > room) throw new Failure('out-of-range', text)
  return shape.shift === 0 ? value : shifted(value, shape.shift)
}

function shifted(value: Decimal, shift: number): Decimal {
  const exact = makeDecimal(value.unscaled, value.scale + shift)
  return rescale(exact, value.scale + Math.max(16, shift))
}

function step(reading: Reading, name: string | null, shape: Shape): Reading {
  const { rest } = reading
  switch (name) {
    case null:
      return after(reading, sizeOf(rest))
    case '9':
    case '0':
    case 'D': {
      const next = digit(reading, name, shape)
      return after(next, 1)
    }
    case 'G':
      return !shape.has.has('FM') && rest.startsWith(',') ? after(reading, 1) : reading
    case 'MI':
      return ownSign(reading, /^-/)
    case 'PL':
      return ownSign(reading, /^\+/)
    case 'SG':
      return ownSign(reading, /^[-+]/)
    case 'L':
      return eat(reading, 1)
    case 'TH':
      return shape.has.has('D') ? reading : eat(reading, 2)
    default:
      return reading
  }
}

function digit(before: Reading, name: string, shape: Shape): Reading {
  const reading = withLeadingSign(before, name, shape)
  const next = reading.rest[0]
  if (next === undefined) return reading
  const { whole, fraction } = reading
  if (/\d/.test(next)) {
    if (fraction?.length === shape.fraction) return reading
    const read = fraction === null ? { whole: whole + next } : { fraction: fraction + next }
    return closing({ ...reading, ...read }, true, shape)
  }
  const isPoint = next === '.' && shape.has.has('D') && fraction === null
  return closing(isPoint ? { ...reading, fraction: '' } : reading, isPoint, shape)
}

function withLeadingSign(before: Reading, name: string, shape: Shape): Reading {
  const reading = before.rest.startsWith(' ') ? after(before, 1) : before
  const { rest, sign, whole, fraction } = reading
  const isFirst = sign === '' && whole + (fraction ?? '') === ''
  if (name === 'D' || !isFirst || !signsBefore(shape).test(rest)) return reading
  return after({ ...reading, sign: rest.startsWith('+') ? '+' : '-' }, 1)
}

function signsBefore({ has, leads }: Shape): RegExp {
  return has.has('PR') && !(has.has('S') && leads) ? /^[-+<]/ : /^[-+]/
}

/** A sign behind the last digit. */
function closing(reading: Reading, wasRead: boolean, { has }: Shape): Reading {
  const { rest, sign, whole, fraction } = reading
  if (sign !== '' || whole + (fraction ?? '') === '') return reading
  if (has.has('S')) {
    if (!wasRead || !/^.[-+]/s.test(rest)) return reading
    return after({ ...reading, sign: rest[1]! }, 1)
  }
  const hasOwn = has.has('MI') || has.has('PL') || has.has('SG')
  return !wasRead && hasOwn && /^[-+]/.test(rest) ? { ...reading, sign: rest[0]! } : reading
}

function ownSign(reading: Reading, pattern: RegExp): Reading {
  if (!pattern.test(reading.rest)) return eat(reading, 1)
  return after({ ...reading, sign: reading.rest[0]! }, 1)
}

/** Characters that a number has not. */
function eat(reading: Reading, count: number): Reading {
  if (count === 0 || reading.rest === '' || /^[-+\d.,]/.test(reading.rest)) return reading
  return eat(after(reading, sizeOf(reading.rest)), count - 1)
}

function after(reading: Reading, bytes: number): Reading {
  return { ...reading, rest: reading.rest.slice(bytes) }
}

/** Bytes of the UTF-8 character that begins a text. */
function sizeOf(rest: string): number {
  const byte = rest.charCodeAt(0)
  return byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
}
