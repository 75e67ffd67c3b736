import { notAnswered } from './not-answered.ts'
import { readTokens, type Token } from './read-tokens.ts'

const END: Token = { kind: 'end', text: '', start: -1 }
/** Brackets and operators in each other: no query that a tool writes is as deep, and each costs some frames of the stack. */
const DEEPEST = 200

/** The tokens of a query, one after another. */
export class TokenReader {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#tokens = readTokens(text)
  }

  /** `ahead`: how many tokens behind the next one. */
  peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? END
  }

  /** There is one: whatever looks for what ends something ends with the query. */
  next(): Token {
    const token = this.peek()
    if (token.kind === 'end') throw this.unexpected('more')
    this.#at++
    return token
  }

  /** Whether the next tokens are these words and symbols. */
  isAt(...texts: readonly string[]): boolean {
    return texts.every((text, i) => {
      const { kind, text: found } = this.peek(i)
      return found === text && (kind === 'word' || kind === 'symbol')
    })
  }

  /** Reads them if they are next. */
  skip(...texts: readonly string[]): boolean {
    if (!this.isAt(...texts)) return false
    this.#at += texts.length
    return true
  }

  expect(...texts: readonly string[]): void {
    if (!this.skip(...texts)) throw this.unexpected(texts.join(' '))
  }

  /** A name, of which a word is one too. */
  name(): string {
    const { kind, text } = this.peek()
    if (kind !== 'word' && kind !== 'quoted') throw this.unexpected('a name')
    this.#at++
    return text
  }

  unexpected(expected: string): Error {
    const { kind, text } = this.peek()
    return notAnswered(`${expected} is expected, not ${kind === 'end' ? 'its end' : text}`)
  }

  /** What is read inside of something. */
  inside<T>(read: () => T): T {
    if (++this.#depth > DEEPEST) throw notAnswered('it is too deep')
    const found = read()
    this.#depth--
    return found
  }

  /** Items between commas. */
  list<T>(read: () => T): T[] {
    const items = [read()]
    while (this.skip(',')) items.push(read())
    return items
  }

  /** Items between commas, in brackets; there may be none. */
  bracketed<T>(read: () => T): T[] {
    this.expect('(')
    if (this.skip(')')) return []
    const items = this.list(read)
    this.expect(')')
    return items
  }
}
