import assert from 'node:assert/strict'

const NAME = /[A-Za-z_][\w.-]*/y
const SPACE = /[ \t\r\n]*/y
const TEXT = /(?:[^<&]|&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)*/y
const ATTRIBUTE = /\s+[A-Za-z_][\w.-]*="(?:[^<&"]|&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)*"/y
/** https://www.w3.org/TR/xml/#charsets */
const NO_CHARACTER = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

/** Fails unless the text is well-formed XML of elements, texts and comments; answers the elements' names in order. */
export function assertWellFormed(xml: string): string[] {
  assert.doesNotMatch(xml, NO_CHARACTER)
  const head = '<?xml version="1.0" encoding="utf-8"?>'
  assert.ok(xml.startsWith(head))
  const names: string[] = []
  const open: string[] = []
  let pos = head.length
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = pos
    const found = pattern.exec(xml)?.[0] ?? ''
    pos += found.length
    return found
  }
  const expect = (text: string): void => {
    assert.equal(xml.slice(pos, pos + text.length), text, `at ${pos}: ${xml.slice(pos, pos + 80)}`)
    pos += text.length
  }
  while (pos < xml.length) {
    if (open.length === 0) take(SPACE)
    else take(TEXT)
    if (pos === xml.length) break
    if (xml.startsWith('<!--', pos)) {
      const end = xml.indexOf('--', pos + 4)
      assert.equal(xml.slice(end, end + 3), '-->', 'a comment holds no --')
      pos = end + 3
    } else if (xml.startsWith('</', pos)) {
      expect(`</${open.pop()!}`)
      take(SPACE)
      expect('>')
    } else {
      expect('<')
      const name = take(NAME)
      assert.notEqual(name, '')
      names.push(name)
      while (take(ATTRIBUTE) !== '');
      take(SPACE)
      if (xml[pos] === '/') expect('/>')
      else {
        expect('>')
        open.push(name)
      }
    }
  }
  assert.deepEqual(open, [], 'elements that are not closed')
  return names
}
