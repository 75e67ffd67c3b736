import { bracketSet, classSet, letterSet, type Letters } from './regex-letters.ts'
import { Failure } from './failure.ts'

/** A pattern as a tree. */
export type RegexNode =
  | { readonly type: 'letter'; readonly has: Letters }
  | { readonly type: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly type: 'choice'; readonly items: readonly RegexNode[] }
  | {
      readonly type: 'repeat'
      readonly item: RegexNode
      readonly min: number
      readonly max: number
      /** Null: no preference of its own. */
      readonly wants: 'much' | 'little' | null
    }
  | { readonly type: 'group'; readonly item: RegexNode; readonly index: number }
  /** Holds between two letters; '' stands for the text's ends. */
  | { readonly type: 'place'; readonly holds: (before: string, after: string) => boolean }
  | {
      readonly type: 'look'
      readonly item: RegexNode
      readonly behind: boolean
      readonly negated: boolean
    }

export interface Pattern {
  readonly root: RegexNode
  readonly groups: number
}

export function invalidRegex(message: string): Failure {
  return new Failure('invalid-regex', message)
}

const LINE = '\n'

/** PostgreSQL's advanced regular expressions. */
export function parsePattern(text: string, flagText: string): Pattern {
  const rest = [...text]
  let flags = readFlags(new Set(), flagText)
  let groups = 0
  let looks = 0

  const starts = (prefix: string): boolean => rest.slice(0, prefix.length).join('') === prefix
  const take = (prefix: string): boolean =>
    starts(prefix) && rest.splice(0, prefix.length).length > 0
  const letter = (of: string): RegexNode => ({ type: 'letter', has: letterSet(of, flags.has('i')) })

  function literal(): Pattern {
    return { root: { type: 'sequence', items: rest.map(letter) }, groups: 0 }
  }

  function skip(): void {
    for (;;) {
      if (take('(?#')) {
        while (rest.length > 0 && rest.shift() !== ')');
      } else if (flags.has('x') && /^\s$/.test(rest[0] ?? '')) rest.shift()
      else if (flags.has('x') && rest[0] === '#') {
        while (rest.length > 0 && !starts(LINE)) rest.shift()
      } else return
    }
  }

  function choice(): RegexNode {
    const items = [sequence()]
    while (take('|')) items.push(sequence())
    return items.length === 1 ? items[0]! : { type: 'choice', items }
  }

  function sequence(): RegexNode {
    const items: RegexNode[] = []
    for (;;) {
      skip()
      if (rest.length === 0 || rest[0] === '|' || rest[0] === ')') break
      const atom = parseAtom()
      skip()
      items.push(atom.bare ? atom.node : quantified(atom.node))
    }
    return items.length === 1 ? items[0]! : { type: 'sequence', items }
  }

  function parseAtom(): { readonly node: RegexNode; readonly bare: boolean } {
    const place = takePlace()
    if (place !== null) return { node: { type: 'place', holds: place }, bare: true }
    if (starts('(')) return parenthesis()
    if (take('[')) return { node: { type: 'letter', has: bracketSet(rest, flags) }, bare: false }
    if (take('\\')) return { node: escaped(), bare: false }
    const first = rest.shift()!
    if ('*+?'.includes(first) || (first === '{' && /^[0-9]$/.test(rest[0] ?? ''))) {
      throw invalidRegex('nothing to repeat')
    }
    const any: Letters = each => !flags.has('stops') || each !== LINE
    return { node: first === '.' ? { type: 'letter', has: any } : letter(first), bare: false }
  }

  function takePlace(): ((before: string, after: string) => boolean) | null {
    const isWord = (each: string): boolean => classSet('w')(each)
    const begins = (a: string, b: string): boolean => !isWord(a) && isWord(b)
    const ends = (a: string, b: string): boolean => isWord(a) && !isWord(b)
    const lines = flags.has('lines')
    if (take('^')) return a => a === '' || (lines && a === LINE)
    if (take('$')) return (_, b) => b === '' || (lines && b === LINE)
    if (take('\\A')) return a => a === ''
    if (take('\\Z')) return (_, b) => b === ''
    if (take('\\m') || take('[[:<:]]')) return begins
    if (take('\\M') || take('[[:>:]]')) return ends
    if (take('\\y')) return (a, b) => begins(a, b) || ends(a, b)
    if (take('\\Y')) return (a, b) => !begins(a, b) && !ends(a, b)
    return null
  }

  function parenthesis(): { readonly node: RegexNode; readonly bare: boolean } {
    const look = ['(?<=', '(?<!', '(?=', '(?!'].find(take)
    if (look !== undefined) {
      looks++
      const item = closed()
      looks--
      const node: RegexNode = {
        type: 'look',
        item,
        behind: look.includes('<'),
        negated: look.endsWith('!')
      }
      return { node, bare: true }
    }
    if (take('(?:')) return { node: closed(), bare: false }
    if (starts('(?')) throw invalidRegex('unknown (?')
    take('(')
    if (looks > 0) return { node: closed(), bare: false }
    const index = ++groups
    return { node: { type: 'group', item: closed(), index }, bare: false }
  }

  function closed(): RegexNode {
    const node = choice()
    if (!take(')')) throw invalidRegex('unbalanced')
    return node
  }

  function escaped(): RegexNode {
    const found = readEscape(rest, groups)
    return typeof found === 'string' ? letter(found) : { type: 'letter', has: found }
  }

  function quantified(item: RegexNode): RegexNode {
    const bounds = takeBounds()
    if (bounds === null) return item
    const wants = take('?') ? 'little' : 'much'
    const [min, max, open] = bounds
    if (max === 0) return { type: 'sequence', items: [] }
    return { type: 'repeat', item, min, max, wants: open ? wants : null }
  }

  function takeBounds(): readonly [min: number, max: number, open: boolean] | null {
    if (take('*')) return [0, Infinity, true]
    if (take('+')) return [1, Infinity, true]
    if (take('?')) return [0, 1, true]
    if (!/^\{[0-9]/.test(rest.join(''))) return null
    const match = /^\{(\d+)(,?)(\d*)\}/.exec(rest.join(''))
    if (match === null) throw invalidRegex('bounds')
    rest.splice(0, match[0].length)
    const min = Number(match[1])
    if (match[2] === '' && match[3] !== '') throw invalidRegex('bounds')
    const max = match[2] === '' ? min : match[3] === '' ? Infinity : Number(match[3])
    if (min > 255 || min > max || (max > 255 && max < Infinity)) throw invalidRegex('bounds')
    return [min, max, match[2] !== '']
  }

  if (flags.has('q') || take('***=')) return literal()
  if (!take('***:') && starts('***')) throw invalidRegex('***')
  const embedded = /^\(\?([a-z]+)\)/i.exec(rest.join(''))
  if (embedded !== null) {
    rest.splice(0, embedded[0].length)
    flags = readFlags(flags, embedded[1]!)
    if (flags.has('q')) return literal()
  }
  const root = choice()
  if (rest.length > 0) throw invalidRegex('unbalanced')
  return { root, groups }
}

/** `stops`: a dot is no newline; `lines`: ^ and $ are at lines. */
function readFlags(before: ReadonlySet<string>, letters: string): ReadonlySet<string> {
  const flags = new Set(before)
  const set = (name: string, on: boolean): void => void (on ? flags.add(name) : flags.delete(name))
  for (const letter of letters) {
    if (!'icxtqesnmpw'.includes(letter)) throw invalidRegex(`flag ${letter}`)
    if ('ic'.includes(letter)) set('i', letter === 'i')
    if ('xt'.includes(letter)) set('x', letter === 'x')
    if (letter === 'q') set('q', true)
    if ('snmpw'.includes(letter)) {
      set('stops', 'nmp'.includes(letter))
      set('lines', 'nmw'.includes(letter))
    }
  }
  return flags
}

const CONTROLS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  B: '\\',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v'
}

/** What follows a backslash: one letter, or a class of them. */
export function readEscape(rest: string[], groups: number): string | Letters {
  const first = rest.shift()
  if (first === undefined) throw invalidRegex('ends in a backslash')
  if (!/^[a-zA-Z0-9]$/.test(first)) return first
  if ('dswDSW'.includes(first)) {
    const set = classSet(first.toLowerCase())
    return first === first.toLowerCase() ? set : each => !set(each)
  }
  const control = CONTROLS[first]
  if (control !== undefined) return control
  const after = rest.join('')
  const number = /^(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]+))/.exec(first + after)
  if (number !== null) {
    rest.splice(0, number[0].length - 1)
    return fromCode(Number.parseInt(number[1] ?? number[2] ?? number[3]!, 16))
  }
  if (first === 'c' && rest.length > 0) return fromCode(rest.shift()!.codePointAt(0)! % 32)
  return octal(first, rest, groups)
}

function octal(first: string, rest: string[], groups: number): string {
  const digits = /^[0-9]+/.exec(first + rest.join(''))?.[0] ?? ''
  const isReference = first !== '0' && (digits.length === 1 || Number(digits) <= groups)
  const match = /^(?:[0-3][0-7]{0,2}|[4-7][0-7]?)/.exec(digits)
  if (match === null || isReference) throw invalidRegex('no such escape')
  rest.splice(0, match[0].length - 1)
  return fromCode(Number.parseInt(match[0], 8))
}

function fromCode(code: number): string {
  if (code > 0x10ffff) throw invalidRegex('no such letter')
  return String.fromCodePoint(code)
}
