import { CommonToken, type Token, type TokenStream, SqlLexer } from '#grammar'

/** The tokens of one statement, as the generated parser reads them: it sees the end of the file behind the last one. */
export function makeTokenSlice(tokens: readonly Token[], start: number, end: number): TokenStream {
  const last = tokens[end - 1]!
  const eof = last.type === SqlLexer.EOF ? last : endBehind(last)
  let at = start
  const tokenAt = (index: number): Token => (index < end ? tokens[index]! : eof)
  const stream: Omit<TokenStream, 'tokenSource'> = {
    get index() {
      return at - start
    },
    get size() {
      return end - start + 1
    },
    consume() {
      at++
    },
    LA: offset => tokenAt(offset > 0 ? at + offset - 1 : at + offset).type,
    LT: offset => {
      const index = offset > 0 ? at + offset - 1 : at + offset
      return index < start ? null : tokenAt(index)
    },
    get: index => tokenAt(start + index),
    mark: () => 0,
    release() {},
    seek(index) {
      at = start + index
    },
    getSourceName: () => 'script',
    getText: () => '',
    getTextFromInterval: () => '',
    getTextFromContext: () => '',
    getTextFromRange: () => '',
    setLine() {},
    setColumn() {}
  }
  // A list of tokens has no source; the parser asks for one only to make up missing tokens, which is switched off.
  return stream as TokenStream
}

function endBehind(token: Token): Token {
  const end: Token = CommonToken.fromType(SqlLexer.EOF) as Token
  end.start = end.stop = token.start
  return end
}
