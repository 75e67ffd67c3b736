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
const classes: { readonly [name in ClassName]: RegExp } = {
  alnum: /^[\p{Alphabetic}\p{Nd}]$/u,
  alpha: /^(?![0-9])[\p{Alphabetic}\p{Nd}]$/u,
  blank: /^[ \t]$/,
  cntrl: /^\p{Cc}$/u,
  digit: /^[0-9]$/,
  graph: /^[^\p{Cc}\p{Cn}\p{Cs}\p{Z}]|[\u00a0\u2007\u202f]$/u,
  lower: /^\p{Lowercase}$/u,
  print: /^[^\p{Cc}\p{Cn}\p{Cs}\u2028\u2029]$/u,
  punct: /^[^\p{Alphabetic}\p{Nd}\p{Cc}\p{Cn}\p{Cs}\p{Z}]|[\u00a0\u2007\u202f]$/u,
  space: /^[\t-\r \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]$/u,
  upper: /^\p{Uppercase}$/u,
  word: /^[\p{Alphabetic}\p{Nd}_]$/u,
  xdigit: /^[0-9A-Fa-f]$/
}

export function isClassName(name: string): name is ClassName {
  return Object.hasOwn(classes, name)
}

export function isWordCharacter(point: number): boolean {
  return classes.word.test(String.fromCodePoint(point))
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
    ({ name, negated }) => classes[anyCase(name, ignoreCase)].test(text) !== negated
  )
}

function anyCase(name: ClassName, ignoreCase: boolean): ClassName {
  return ignoreCase && (name === 'lower' || name === 'upper') ? 'alpha' : name
}
