import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fixtureNames } from '../support/fixtures.ts'
import { findObjectLiterals, type ObjectLiteral } from './object-literals.ts'
import { listFiles, root } from './source-files.ts'

const sources = listFiles().filter(file => file.startsWith('compiler/') && file.endsWith('.ts'))
const diagnostics = sources.flatMap(findObjectLiterals).filter(isDiagnostic)
const inFactories = (file: string): boolean => /^compiler\/diagnostics\/[^/]+\.ts$/.test(file)
const codes = diagnostics.map(({ properties }) => properties.get('code') ?? null)

/** An editor's diagnostic has a number as severity: it is a copy of one of these. */
function isDiagnostic({ properties }: ObjectLiteral): boolean {
  const isGraded = ['error', 'warning'].includes(properties.get('severity') ?? '')
  return isGraded && properties.has('code') && properties.has('message')
}

test('diagnostics are made by the factories in compiler/diagnostics, one each', () => {
  assert.ok(diagnostics.length > 50, 'the scan found hardly any')
  const elsewhere = diagnostics.filter(({ file }) => !inFactories(file))
  assert.deepEqual(elsewhere.map(placeOf), [])
  const factories = diagnostics.map(
    ({ file, owner }) => `${file} ${owner ?? 'outside of a function'}`
  )
  assert.deepEqual(repeated(factories), [])
})

test('codes are literals, in kebab-case, each of one factory', () => {
  const wrong = diagnostics.filter(
    ({ properties }) => !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(properties.get('code') ?? '')
  )
  assert.deepEqual(wrong.map(placeOf), [])
  assert.deepEqual(repeated(codes), [])
})

test('every code has an error fixture, and every error fixture a code', () => {
  const withFixture = new Set(fixtureNames('errors').map(name => name.replace(/--.*/, '')))
  const known = new Set(codes)
  assert.deepEqual(
    [...known].filter(code => !withFixture.has(code!)),
    [],
    'codes without a fixture: add test/fixtures/errors/<code>'
  )
  assert.deepEqual(
    [...withFixture].filter(code => !known.has(code)),
    [],
    'fixtures of codes that do not exist'
  )
})

test('every factory is called', () => {
  const callers = sources.filter(file => !file.startsWith('compiler/diagnostics/'))
  const text = callers.map(file => readFileSync(join(root, file), 'utf8')).join('\n')
  const names = diagnostics.map(({ owner }) => owner!)
  assert.deepEqual(
    names.filter(name => !new RegExp(`\\b${name}\\(`).test(text)),
    []
  )
})

function placeOf({ file, line }: ObjectLiteral): string {
  return `${file}:${line}`
}

function repeated<T>(values: readonly T[]): T[] {
  return values.filter((value, i) => values.indexOf(value) !== i)
}
