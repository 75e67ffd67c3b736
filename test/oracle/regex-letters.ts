import { invalidRegex, readEscape } from './regex-syntax.ts'

/** A set of letters; the empty text is in none. */
export type Letters = (letter: string) => boolean

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /^(\p{Alphabetic}|\p{Nd})$/u,
  alpha: /^(?![0-9])(\p{Alphabetic}|\p{Nd})$/u,
  blank: /^[\t ]$/,
  cntrl: /^\p{Cc}$/u,
  digit: /^[0-9]$/,
  graph: /^(?![\p{Cc}\p{Cn}\p{Cs}])([^\p{Z}]|[\u00a0\u2007\u202f])$/u,
  lower: /^\p{Lowercase}$/u,
  print: /^[^\p{Cc}\p{Cn}\p{Cs}\u2028\u2029]$/u,
  punct: /^(?![\p{Cc}\p{Cn}\p{Cs}\p{Alphabetic}\p{Nd}])([^\p{Z}]|[\u00a0\u2007\u202f])$/u,
  space: /^(?![\u00a0\u2007\u202f\ufeff])\s$/u,
  upper: /^\p{Uppercase}$/u,
  xdigit: /^[0-9a-fA-F]$/
}

/** `d`, `s` and `w`. */
export function classSet(name: string): Letters {
  if (name === 'w') return letter => letter === '_' || CLASSES['alnum']!.test(letter)
  return letter => CLASSES[name === 'd' ? 'digit' : 'space']!.test(letter)
}

export function letterSet(letter: string, anyCase: boolean): Letters {
  return anyCase ? folded(each => each === letter) : each => each === letter
}

/** In any case: the letter itself, or its other case where that is one letter. */
function folded(set: Letters): Letters {
  return letter =>
    letter !== '' &&
    [letter, letter.toLowerCase(), letter.toUpperCase()].some(
      each => [...each].length === 1 && set(each)
    )
}

/** What is between brackets; `rest` begins behind the opening one. */
export function bracketSet(rest: string[], flags: ReadonlySet<string>): Letters {
  const sets: Letters[] = []
  const negated = rest[0] === '^'
  if (negated) rest.shift()
  for (let first = true; first || rest[0] !== ']'; first = false) {
    if (rest.length === 0) throw invalidRegex('open bracket')
    if (!first && rest[0] === '-' && rest[1] !== ']') throw invalidRegex('range without start')
    sets.push(element(rest, flags.has('i')))
  }
  rest.shift()
  const plain: Letters = letter => sets.some(set => set(letter))
  const set = flags.has('i') ? folded(plain) : plain
  if (!negated) return set
  return letter => letter !== '' && !set(letter) && !(flags.has('stops') && letter === '\n')
}

/** A letter, a range or a class. */
function element(rest: string[], anyCase: boolean): Letters {
  const name = named(rest, ':')
  if (name !== null) {
    const known = CLASSES[anyCase && (name === 'lower' || name === 'upper') ? 'alpha' : name]
    if (known === undefined) throw invalidRegex(`class ${name}`)
    return letter => known.test(letter)
  }
  const from = letterOrClass(rest)
  if (typeof from !== 'string') return from
  if (rest[0] !== '-' || rest[1] === ']') return letter => letter === from
  rest.shift()
  const to = rest.slice(0, 2).join('') === '[:' ? null : letterOrClass(rest)
  if (typeof to !== 'string') throw invalidRegex('range to a class')
  const [low, high] = [from.codePointAt(0)!, to.codePointAt(0)!]
  if (low > high) throw invalidRegex('backward range')
  return letter => letter !== '' && letter.codePointAt(0)! >= low && letter.codePointAt(0)! <= high
}

function letterOrClass(rest: string[]): string | Letters {
  const collated = named(rest, '.') ?? named(rest, '=')
  if (collated !== null) {
    if ([...collated].length !== 1) throw invalidRegex('collating element')
    return collated
  }
  const letter = rest.shift()
  if (letter === undefined) throw invalidRegex('open bracket')
  // Groups do not matter: no reference stands in brackets.
  return letter === '\\' && !/^[AZmMyY]$/.test(rest[0] ?? '') ? readEscape(rest, 0) : plain(letter)
}

function plain(letter: string): string {
  if (letter === '\\') throw invalidRegex('a place in brackets')
  return letter
}

/** The name in `[:name:]`, which is then passed. */
function named(rest: string[], sign: string): string | null {
  if (rest[0] !== '[' || rest[1] !== sign) return null
  const end = rest.findIndex((each, i) => i > 1 && each === sign && rest[i + 1] === ']')
  if (end < 0) throw invalidRegex('open bracket')
  const name = rest.slice(2, end).join('')
  rest.splice(0, end + 2)
  return name
}
