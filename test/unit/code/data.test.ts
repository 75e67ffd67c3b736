import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import {
  type Data,
  js,
  literal,
  makeWriter,
  renderLines,
  writeData,
  writeText
} from '../../../compiler/code/index.ts'

/** What the code means to JavaScript, as a value of this realm. */
function evaluate(code: string): unknown {
  return structuredClone(runInNewContext(code))
}

function written(data: Data): string {
  const out = makeWriter()
  writeData(out, js`(`, data, js`)`)
  return renderLines(out.lines)
}

const hostile = [
  "'",
  '"',
  `'"`,
  '\\',
  "\\'",
  '\n\r\t\0',
  '`${process.exit()}`',
  '\u2028\u2029',
  '</script><!-- -->',
  '\ud83d',
  '\ude00\ud83d',
  '😀 ünï Дом 東京 서울',
  'right to left: \u05d0\u0627, marks: \u202e\u2066\u200b\ufeff\u3164\u00ad',
  "*/ //'); process.exit() //"
]

test('a literal is the text that it was made of, whatever is in it', () => {
  const units = Array.from({ length: 65_536 }, (_, unit) => `a${String.fromCharCode(unit)}b`)
  const texts = [...hostile, ...units]
  assert.deepEqual(evaluate(js`[${texts.map(literal)}]`.text), texts)
})

test('nothing in a literal ends its line, turns its direction or hides', () => {
  for (const text of hostile) {
    const code = literal(text).text
    assert.doesNotMatch(
      code,
      /[\u0000-\u001f\u007f-\u009f\u00ad\u0590-\u08ff\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff`]/
    )
    assert.doesNotMatch(code, /<[/!]|[\ud800-\udfff]/)
  }
  assert.equal(literal('Дом ─ 東京').text, "'Дом ─ 東京'")
})

test('data is written as it is read, on one line or several', () => {
  const long = 'x'.repeat(60)
  const cases: readonly Data[] = [
    {},
    [],
    null,
    -0.5,
    { a: 1, 'b-c': [true, null], 'kafka.property': long, $d: { e: [{}, [], long] } },
    [long, long, { [long]: { [`'${long}`]: 1 } }],
    Object.fromEntries(hostile.map(text => [text, text])),
    JSON.parse(`{"__proto__": {"a": "${long}"}, "constructor": "${long}", "toString": 1}`) as Data
  ]
  for (const data of cases) assert.deepEqual(evaluate(written(data)), data)
})

test('identifiers are bare keys; a long object has a line per property', () => {
  assert.equal(written({ ok: 1, 'not-ok': 2 }), "({ ok: 1, 'not-ok': 2 })")
  const long = 'x'.repeat(60)
  assert.equal(
    written({ name: long, items: ['y', long] }),
    `({\n  name: '${long}',\n  items: ['y', '${long}']\n})`
  )
})

test('a text of several lines stays readable and whole', () => {
  const text = 'flowchart\n\n  a --> b\n'
  const out = makeWriter()
  writeText(out, js``, text)
  assert.equal(
    renderLines(out.lines),
    "[\n  'flowchart',\n  '',\n  '  a --> b',\n  ''\n].join('\\n')"
  )
  assert.equal(evaluate(renderLines(out.lines)), text)
})
