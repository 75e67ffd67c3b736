import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkImport } from './check-import.ts'
import { findImports, listFiles, readImports } from './source-files.ts'

const sources = listFiles().filter(file => file.endsWith('.ts') && !file.includes('/generated/'))

test('imports point one way', () => {
  const violations = sources
    .flatMap(readImports)
    .map(checkImport)
    .filter(violation => violation !== null)
  assert.deepEqual(violations, [])
})

/** A rule that catches nothing protects nothing: each of these must be refused, and named. */
const planted: readonly (readonly [file: string, text: string, refusal: RegExp])[] = [
  [
    'compiler/plan/a.ts',
    `import { x } from '../bind/index.ts'`,
    /compiler\/plan may not import compiler\/bind/
  ],
  [
    'compiler/plan/a.ts',
    `import type { X } from '../bind/index.ts'`,
    /may not import compiler\/bind/
  ],
  ['compiler/emit/a.ts', `import { x } from '#runtime'`, /may not import more than types/],
  [
    'compiler/emit/a.ts',
    `export { x } from '../../runtime/index.ts'`,
    /may not import more than types/
  ],
  ['compiler/emit/a.ts', `const x = await import('#runtime')`, /may not import more than types/],
  ['runtime/pipeline/a.ts', `import type { X } from '#compiler'`, /may not import compiler/],
  ['runtime/sql/a.ts', `import { x } from '../codec/ascii.ts'`, /may not import runtime\/codec/],
  ['runtime/pipeline/a.ts', `import { x } from '../../test/support/a.ts'`, /may not import test/],
  [
    'runtime/codec/a.ts',
    `import kafka from '@confluentinc/kafka-javascript'`,
    /the package @confluentinc/
  ],
  ['test/oracle/a.ts', `import { x } from '../../runtime/index.ts'`, /may not import runtime/],
  ['compiler/unplaced/a.ts', `import { x } from '../ir/index.ts'`, /no rule/]
]
for (const [file, text, refusal] of planted) {
  test(`refused in ${file}: ${text}`, () => {
    const [found] = findImports(file, text)
    assert.match(checkImport(found!) ?? 'accepted', refusal)
  })
}

const accepted: readonly (readonly [file: string, text: string])[] = [
  ['compiler/emit/a.ts', `import type { X } from '#runtime'`],
  ['compiler/emit/a.ts', `import { type X, type Y } from '#runtime'`],
  ['compiler/emit/a.ts', `type X = keyof typeof import('#runtime')`],
  ['compiler/bundle/a.ts', `import { build } from 'esbuild'`],
  ['runtime/pipeline/a.ts', `import { x } from '../codec/index.ts'`]
]
for (const [file, text] of accepted) {
  test(`accepted in ${file}: ${text}`, () => {
    assert.deepEqual(findImports(file, text).map(checkImport), [null])
  })
}
