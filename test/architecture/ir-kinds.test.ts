import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exprEvaluators, nodeEvaluators } from '../oracle/index.ts'
import { expressionsOf, readRunGraphs, streamsOf } from '../support/run-graphs.ts'
import { findObjectLiterals } from './object-literals.ts'
import { unionMembers } from './union-members.ts'

const exprKinds = unionMembers('compiler/ir/scalars.ts', 'ExprKind')
const streamKinds = unionMembers('compiler/ir/streams.ts', 'StreamKind')
const stepKinds = unionMembers('compiler/ir/stages.ts', 'StepKind')

test('the kinds are read from the types', () => {
  assert.ok(exprKinds.includes('Cast') && streamKinds.includes('Filter'))
  assert.ok(stepKinds.includes('Write'))
})

/** The keys of the constant `emitters` of a file. */
function emitters(file: string): readonly string[] {
  const table = findObjectLiterals(file).find(({ owner }) => owner === 'emitters')
  return [...table!.properties.keys()]
}

test('every kind of expression has an emitter', () => {
  assert.deepEqual(emitters('compiler/emit/emit-expr.ts').toSorted(), exprKinds.toSorted())
})

test('every kind of step has an emitter', () => {
  assert.deepEqual(emitters('compiler/emit/emit-step.ts').toSorted(), stepKinds.toSorted())
})

test('every kind of expression and of stream has a slow twin', () => {
  assert.deepEqual(Object.keys(exprEvaluators).toSorted(), exprKinds.toSorted())
  assert.deepEqual(Object.keys(nodeEvaluators).toSorted(), streamKinds.toSorted())
})

// Compiling them shows that every kind in them is lowered; test/suites/run.test.ts runs them.
test('every kind of expression and of stream is in a run fixture', () => {
  const graphs = readRunGraphs().map(({ graph }) => graph)
  const exprs = new Set(graphs.flatMap(expressionsOf).map(({ kind }) => kind))
  const streams = new Set(graphs.flatMap(streamsOf).map(({ kind }) => kind))
  assert.deepEqual([...exprs].toSorted(), exprKinds.toSorted())
  assert.deepEqual([...streams].toSorted(), streamKinds.toSorted())
})
