import assert from 'node:assert/strict'
import { test } from 'node:test'
import { js, makeWriter, renderLines } from '../../../compiler/code/index.ts'

function written(write: (out: ReturnType<typeof makeWriter>) => void): string[] {
  const out = makeWriter()
  write(out)
  return renderLines(out.lines).split('\n')
}

test('a statement that waits stands before the next line, behind its comment, once', () => {
  const lines = written(out => {
    out.before(js`first`)
    out.before(js`mark`)
    out.comment('WHERE')
    out.if(js`a`, () => out.line(js`b`))
    out.line(js`c`)
  })
  assert.deepEqual(lines, ['// WHERE', 'mark', 'if (a) {', '  b', '}', 'c'])
})

test('it does not leave its block, nor hide in lines that run only sometimes', () => {
  const lines = written(out => {
    out.if(js`a`, () => out.before(js`nobody`))
    out.before(js`mark`)
    const captured = out.capture(() => out.line(js`b`))
    out.before(null)
    out.line(js`none`)
    out.before(js`mark`)
    const more = out.capture(() => {
      out.before(js`inner`)
      out.line(js`c`)
      out.before(js`dropped`)
    })
    out.if(js`x`, () => out.insert([...captured, ...more]))
  })
  assert.deepEqual(lines, [
    'if (a) {',
    '}',
    'none',
    'mark',
    'if (x) {',
    '  b',
    '  inner',
    '  c',
    '}'
  ])
})
