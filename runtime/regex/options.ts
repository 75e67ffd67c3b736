import { RegexError, type RegexOptions } from './node.ts'

type Options = { -readonly [name in keyof RegexOptions]: RegexOptions[name] }

const plain: RegexOptions = {
  ignoreCase: false,
  expanded: false,
  newlineStops: false,
  newlineAnchors: false,
  literal: false
}

/** PostgreSQL's flag letters, later ones over earlier ones. `g` is the caller's business, and not allowed here. */
export function parseOptions(letters: string, base: RegexOptions = plain): RegexOptions {
  const options: Options = { ...base }
  for (const letter of letters) applyOption(options, letter)
  return options
}

function applyOption(options: Options, letter: string): void {
  switch (letter) {
    case 'i':
      options.ignoreCase = true
      break
    case 'c':
      options.ignoreCase = false
      break
    case 'x':
      options.expanded = true
      break
    case 't':
      options.expanded = false
      break
    case 'q':
      options.literal = true
      break
    // e is what all patterns are: extended with PostgreSQL's additions.
    case 'e':
      break
    case 's':
    case 'n':
    case 'm':
    case 'p':
    case 'w':
      options.newlineStops = letter !== 's' && letter !== 'w'
      options.newlineAnchors = letter !== 's' && letter !== 'p'
      break
    default:
      throw new RegexError(`the flag "${letter}" is not one of i, c, n, m, p, w, s, x, t, q, e`)
  }
}
