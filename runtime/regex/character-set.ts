/** POSIX's classes, as PostgreSQL has them in a Unicode locale. */
export type ClassName =
  | 'alnum'
  | 'alpha'
  | 'blank'
  | 'cntrl'
  | 'digit'
  | 'graph'
  | 'lower'
  | 'print'
  | 'punct'
  | 'space'
  | 'upper'
  | 'word'
  | 'xdigit'

/** Code points, from and to. */
export type Range = readonly [from: number, to: number]

export interface CharacterSet {
  readonly ranges: readonly Range[]
  readonly classes: readonly { readonly name: ClassName; readonly negated: boolean }[]
  readonly negated: boolean
  readonly ignoreCase: boolean
}

// As in glibc's locales: digits are ASCII's, those of other scripts count as letters, and no-break spaces are no spaces.
const patterns: { readonly [name in ClassName]: string } = {
  alnum: String.raw`^[\p{Alphabetic}\p{Nd}]$`,
  alpha: String.raw`^(?![0-9])[\p{Alphabetic}\p{Nd}]$`,
  blank: String.raw`^[ \t]$`,
  cntrl: String.raw`^\p{Cc}$`,
  digit: String.raw`^[0-9]$`,
  graph: String.raw`^[^\p{Cc}\p{Cn}\p{Cs}\p{Z}]|[\u00a0\u2007\u202f]$`,
  lower: String.raw`^\p{Lowercase}$`,
  print: String.raw`^[^\p{Cc}\p{Cn}\p{Cs}\u2028\u2029]$`,
  punct: String.raw`^[^\p{Alphabetic}\p{Nd}\p{Cc}\p{Cn}\p{Cs}\p{Z}]|[\u00a0\u2007\u202f]$`,
  space: String.raw`^[\t-\r \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]$`,
  upper: String.raw`^\p{Uppercase}$`,
  word: String.raw`^[\p{Alphabetic}\p{Nd}_]$`,
  xdigit: String.raw`^[0-9A-Fa-f]$`
}

/** Made when they are asked for: to find out what Unicode's properties are takes V8 some ms. */
const classes: { [name in ClassName]?: RegExp } = {}

function classOf(name: ClassName): RegExp {
  return (classes[name] ??= new RegExp(patterns[name], 'u'))
}

export function isClassName(name: string): name is ClassName {
  return Object.hasOwn(patterns, name)
}

export function isWordCharacter(point: number): boolean {
  return classOf('word').test(String.fromCodePoint(point))
}

/** Exactly one character. */
export function singleCharacter(point: number, ignoreCase: boolean): CharacterSet {
  return { ranges: [[point, point]], classes: [], negated: false, ignoreCase }
}

/** `\d` and the like: a class of its own, or all but that. */
export function wholeClass(name: ClassName, negated: boolean): CharacterSet {
  return { ranges: [], classes: [{ name, negated }], negated: false, ignoreCase: false }
}

/** Every character, or every one but the newline. */
export function anyCharacter(exceptNewline: boolean): CharacterSet {
  const ranges: readonly Range[] = exceptNewline ? [[0x0a, 0x0a]] : []
  return { ranges, classes: [], negated: true, ignoreCase: false }
}

export function hasCharacter(set: CharacterSet, point: number): boolean {
  return (set.ignoreCase ? hasAnyCase(set, point) : hasExactly(set, point)) !== set.negated
}

function hasAnyCase(set: CharacterSet, point: number): boolean {
  if (hasExactly(set, point)) return true
  const text = String.fromCodePoint(point)
  return [text.toLowerCase(), text.toUpperCase()].some(
    // A letter whose other case is two letters has none here.
    other => [...other].length === 1 && hasExactly(set, other.codePointAt(0)!)
  )
}

function hasExactly({ ranges, classes: named, ignoreCase }: CharacterSet, point: number): boolean {
  if (ranges.some(([from, to]) => point >= from && point <= to)) return true
  if (named.length === 0) return false
  const text = String.fromCodePoint(point)
  return named.some(
    ({ name, negated }) => classOf(anyCase(name, ignoreCase)).test(text) !== negated
  )
}

function anyCase(name: ClassName, ignoreCase: boolean): ClassName {
  return ignoreCase && (name === 'lower' || name === 'upper') ? 'alpha' : name
}
