import assert from 'node:assert/strict'
import { test } from 'node:test'
import { diagnose, parse, parseExpression } from './support.ts'

const empty = { '': 'script-empty', ' -- nothing\n;;': 'script-empty' }
const tooDeep = {
  parentheses: `SELECT ${'('.repeat(5000)}1${')'.repeat(5000)}`,
  open: `SELECT ${'('.repeat(50_000)}`,
  queries: `SELECT ${'(SELECT '.repeat(5000)}1${')'.repeat(5000)}`,
  calls: `SELECT ${'f('.repeat(5000)}`,
  arrays: `SELECT ${'ARRAY['.repeat(5000)}`,
  innerArrays: `SELECT ARRAY${'['.repeat(5000)}`,
  structs: `SELECT x::${'STRUCT<a '.repeat(5000)}`,
  roots: `SELECT ${'|/ '.repeat(5000)}1`,
  cases: `SELECT ${'CASE WHEN a THEN '.repeat(5000)}1${' END'.repeat(5000)}`,
  types: `SELECT x::${'MAP<TEXT, '.repeat(5000)}INT${'>'.repeat(5000)}`,
  sums: `SELECT ${Array(5000).fill('a').join(' + ')}`,
  signs: `SELECT ${'- '.repeat(5000)}a`,
  nots: `SELECT ${'NOT '.repeat(5000)}a`,
  casts: `SELECT a${'::INT'.repeat(5000)}`,
  unions: Array(5000).fill('SELECT 1').join(' UNION ALL '),
  joins: `SELECT * FROM t ${'JOIN t ON a '.repeat(5000)}`,
  mixed: `SELECT ${'(a + '.repeat(190)}${Array(900).fill('b').join(' + ')}${')'.repeat(190)}`
}

function within(milliseconds: number, run: () => void): void {
  const start = performance.now()
  run()
  const spent = performance.now() - start
  assert.ok(spent < milliseconds, `took ${Math.round(spent)} ms`)
}

function codeOf(text: string): string | undefined {
  const [diagnostic, ...more] = diagnose(text)
  assert.equal(more.length, 0)
  return diagnostic?.code
}

test('an empty script', () => {
  for (const [text, code] of Object.entries(empty)) assert.equal(codeOf(text), code)
})

test('nesting beyond the limit is a diagnostic', () => {
  for (const [name, text] of Object.entries(tooDeep)) {
    within(5000, () => assert.equal(codeOf(text), 'nesting-too-deep', name))
  }
})

test('nesting up to the limit is not', () => {
  parse(`SELECT ${'('.repeat(190)}1${')'.repeat(190)}`)
  parse(`SELECT ${'(SELECT '.repeat(190)}1${')'.repeat(190)}`)
  parse(`SELECT ${Array(900).fill('a').join(' || ')}`)
})

test('chains of AND and OR have no limit', () => {
  const chain = parseExpression(Array(5000).fill('a = 1').join(' AND '))
  assert(chain.kind === 'Logical')
  assert.equal(chain.operands.length, 5000)
})

test('size', () => {
  within(5000, () => assert.equal(codeOf('SELECT 1;\n'.repeat(1_000_000)), 'script-too-large'))
  within(5000, () => assert.equal(codeOf(`SELECT ${'1,'.repeat(200_000)}1`), 'statement-too-large'))
})

test('noise', () => {
  const cases = {
    ['\0'.repeat(100_000)]: 'nul-character',
    ["'".repeat(100_001)]: 'unterminated-string',
    ['/*'.repeat(50_000)]: 'unterminated-comment',
    ['?'.repeat(50_000)]: 'unexpected-character',
    ['@'.repeat(50_000)]: 'syntax-error',
    [`SELECT 1${' #>>'.repeat(50_000)}`]: 'syntax-error',
    ['$'.repeat(50_001)]: 'unexpected-character'
  }
  for (const [text, code] of Object.entries(cases))
    within(5000, () => assert.equal(codeOf(text), code))
})

test('errors are shown up to a limit', () => {
  const diagnostics = diagnose('x;'.repeat(10_000))
  assert.equal(diagnostics.length, 101)
  assert.equal(diagnostics.at(-1)?.code, 'too-many-errors')
})
