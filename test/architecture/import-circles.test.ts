import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findCircles } from './import-circles.ts'
import { type Recursion, recursions } from './recursions.ts'
import { findImports, listFiles, readImports } from './source-files.ts'

const sources = listFiles().filter(file => file.endsWith('.ts') && !file.includes('/generated/'))

test('files import each other only where what they do is recursive', () => {
  assert.deepEqual(unexplained(findCircles(sources.flatMap(readImports)), recursions), [])
})

const text: Readonly<Record<string, string>> = {
  'parse/expression.ts': `import { parseQuery } from './query.ts'`,
  'parse/query.ts': `import { parseExpression } from './expression.ts'`,
  'parse/options.ts': `import type { Parser } from './parser.ts'`,
  'parse/parser.ts': `export * from './start.ts'`,
  'parse/start.ts': `const options = await import('./options.ts')`
}
const planted = Object.entries(text).flatMap(([file, text]) => findImports(file, text))
const expressions = ['parse/expression.ts', 'parse/query.ts']
const others = ['parse/options.ts', 'parse/parser.ts', 'parse/start.ts']

test('a circle is found through types, exports and imports at run time', () => {
  assert.deepEqual(findCircles(planted), [expressions, others])
})

test('each circle is allowed by itself, within its rooms, and for as long as it is there', () => {
  const natural: Recursion = { heart: 'parse/expression.ts', rooms: ['parse'], reason: 'queries' }
  assert.deepEqual(unexplained([expressions], [natural]), [])
  assert.deepEqual(unexplained([expressions, others], [natural]), [
    `a new circle: ${others.join(' ')}`
  ])
  assert.deepEqual(unexplained([[...expressions, 'plan/plan.ts']], [natural]), [
    'around parse/expression.ts, but outside of its rooms: plan/plan.ts'
  ])
  assert.deepEqual(unexplained([], [natural]), ['no circle any more: parse/expression.ts'])
})

/** A sentence for each circle, or part of one, that no recursion explains, and for each recursion that is none. */
function unexplained(circles: string[][], allowed: readonly Recursion[]): string[] {
  const found = circles.flatMap(circle => {
    const recursion = allowed.find(({ heart }) => circle.includes(heart))
    if (recursion === undefined) return [`a new circle: ${circle.join(' ')}`]
    const { heart, rooms } = recursion
    const outside = circle.filter(
      file => !rooms.some(room => file === room || file.startsWith(`${room}/`))
    )
    return outside.map(file => `around ${heart}, but outside of its rooms: ${file}`)
  })
  const gone = allowed.filter(({ heart }) => !circles.some(circle => circle.includes(heart)))
  return [...found, ...gone.map(({ heart }) => `no circle any more: ${heart}`)]
}
