import { CommonToken, type Token, type TokenStream, SqlLexer } from '#grammar'

/** The tokens of one statement, as the generated parser reads them: it sees the end of the file behind the last one. */
export function makeTokenSlice(tokens: readonly Token[], start: number, end: number): TokenStream {
  // A list of tokens has no source; the parser asks for one only to make up missing tokens, which is switched off.
  return new TokenSlice(tokens, start, end) as unknown as TokenStream
}

/** A class, so that one statement's reading is fast already: there are thousands of slices, and each is read once. */
class TokenSlice implements Omit<TokenStream, 'tokenSource'> {
  readonly #tokens: readonly Token[]
  readonly #start: number
  readonly #end: number
  readonly #eof: Token
  #at: number

  constructor(tokens: readonly Token[], start: number, end: number) {
    const last = tokens[end - 1]!
    this.#tokens = tokens
    this.#start = start
    this.#end = end
    this.#eof = last.type === SqlLexer.EOF ? last : endBehind(last)
    this.#at = start
  }

  get index(): number {
    return this.#at - this.#start
  }

  get size(): number {
    return this.#end - this.#start + 1
  }

  consume(): void {
    this.#at++
  }

  LA(offset: number): number {
    return this.#tokenAt(offset > 0 ? this.#at + offset - 1 : this.#at + offset).type
  }

  LT(offset: number): Token | null {
    const index = offset > 0 ? this.#at + offset - 1 : this.#at + offset
    return index < this.#start ? null : this.#tokenAt(index)
  }

  get(index: number): Token {
    return this.#tokenAt(this.#start + index)
  }

  #tokenAt(index: number): Token {
    return index < this.#end ? this.#tokens[index]! : this.#eof
  }

  mark(): number {
    return 0
  }

  release(): void {}

  seek(index: number): void {
    this.#at = this.#start + index
  }

  getSourceName(): string {
    return 'script'
  }

  getText(): string {
    return ''
  }

  getTextFromInterval(): string {
    return ''
  }

  getTextFromContext(): string {
    return ''
  }

  getTextFromRange(): string {
    return ''
  }

  setLine(): void {}

  setColumn(): void {}
}

/** The end of a file that ends where a token begins. */
export function endBehind(token: Token): Token {
  const end: Token = CommonToken.fromType(SqlLexer.EOF) as Token
  end.start = end.stop = token.start
  return end
}
