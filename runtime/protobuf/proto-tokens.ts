import { ProtoSyntaxError } from './proto-file.ts'

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|([A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*)|(\.[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(\d[\w.]*(?:[eE][+-]?\d+)?|\.\d[\w.]*)|("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|([{}[\]()<>;:,=+\-/.])/y

/** The words of a `.proto` file, one after the other. */
export class ProtoTokens {
  readonly #text: string
  #pos = 0
  #next = ''

  constructor(text: string) {
    this.#text = text
    this.#advance()
  }

  /** The next word; empty: the end. */
  get next(): string {
    return this.#next
  }

  take(): string {
    const token = this.#next
    this.#advance()
    return token
  }

  /** True: it was there, and is taken. */
  has(token: string): boolean {
    if (this.#next !== token) return false
    this.#advance()
    return true
  }

  expect(token: string): void {
    if (!this.has(token)) this.fail(`"${token}" expected, "${this.#next}" found`)
  }

  name(): string {
    if (!/^\.?[A-Za-z_]/.test(this.#next)) this.fail(`a name expected, "${this.#next}" found`)
    return this.take()
  }

  integer(): number {
    const sign = this.has('-') ? -1 : 1
    const text = this.take()
    const value = /^0[0-7]+$/.test(text) ? parseInt(text, 8) : Number(text)
    if (!Number.isInteger(value)) this.fail(`a number expected, "${text}" found`)
    return sign * value
  }

  /** A string, which may be in several parts. */
  string(): string {
    let value = ''
    if (!/^["']/.test(this.#next)) this.fail(`a string expected, "${this.#next}" found`)
    while (/^["']/.test(this.#next)) value += unescape(this.take().slice(1, -1))
    return value
  }

  /** Up to the semicolon of a statement, or to the end of its braces. */
  skipStatement(): void {
    for (let depth = 0; this.#next !== '';) {
      const token = this.take()
      if (token === '{') depth++
      else if (token === '}' && --depth <= 0) break
      else if (token === ';' && depth === 0) return
    }
    this.has(';')
  }

  fail(message: string): never {
    throw new ProtoSyntaxError(message, this.#text.slice(0, this.#pos).split('\n').length)
  }

  #advance(): void {
    for (;;) {
      if (this.#pos >= this.#text.length) {
        this.#next = ''
        return
      }
      TOKEN.lastIndex = this.#pos
      const match = TOKEN.exec(this.#text)
      if (match === null) this.fail(`"${this.#text[this.#pos]!}" is not understood`)
      this.#pos = TOKEN.lastIndex
      const token = match.slice(1).find(part => part !== undefined)
      if (token === undefined) continue
      this.#next = token
      return
    }
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v'
}

function unescape(text: string): string {
  return text.replace(/\\(?:x([\dA-Fa-f]{1,2})|([0-7]{1,3})|(.))/g, (_, hex, octal, other) => {
    if (hex !== undefined) return String.fromCharCode(parseInt(String(hex), 16))
    if (octal !== undefined) return String.fromCharCode(parseInt(String(octal), 8))
    return escapes[String(other)] ?? String(other)
  })
}
