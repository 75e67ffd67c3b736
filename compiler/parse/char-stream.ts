import type { CharStream, Interval } from '#grammar'

/** A script as the lexer reads it: by UTF-16 code unit, so that token positions are the offsets of spans. */
export function makeCharStream(text: string): CharStream {
  let index = 0
  return {
    name: 'script',
    get index() {
      return index
    },
    get size() {
      return text.length
    },
    consume() {
      index++
    },
    LA(offset) {
      const at = offset > 0 ? index + offset - 1 : index + offset
      return at >= 0 && at < text.length ? text.charCodeAt(at) : -1
    },
    mark: () => -1,
    release() {},
    seek(to) {
      index = to
    },
    reset() {
      index = 0
    },
    getSourceName: () => 'script',
    getTextFromRange: (start, stop) => text.slice(start, stop + 1),
    getTextFromInterval: ({ start, stop }: Interval) => text.slice(start, stop + 1)
  }
}
