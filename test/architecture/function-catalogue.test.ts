import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveScript } from '../../compiler/compile.ts'
import {
  catalogue,
  findAggregate,
  findFunction,
  otherNames,
  signatureOf
} from '../../compiler/functions/index.ts'
import type { Signature } from '../../compiler/functions/index.ts'
import type { CallExpr } from '../../compiler/ir/index.ts'
import { showType } from '../../compiler/types/index.ts'
import { oracleFunctions } from '../oracle/index.ts'
import { openScriptFolder } from '../support/compile-fixture.ts'
import { expressionsOf, findNodes, readRunGraphs, type TreeNode } from '../support/run-graphs.ts'

const functions = catalogue.filter(({ kind }) => kind !== 'form')
const forms = catalogue.filter(({ kind }) => kind === 'form')
const runGraphs = readRunGraphs()

test('every function has a slow twin, and every twin a function', () => {
  assert.deepEqual(
    Object.keys(oracleFunctions).toSorted(),
    functions.map(({ name }) => name).toSorted()
  )
})

test('every overload of every function is called in a run fixture', () => {
  const exprs = runGraphs.flatMap(({ graph }) => expressionsOf(graph))
  const calls = exprs.filter(({ kind }) => kind === 'Call') as unknown as readonly CallExpr[]
  const called = new Set(calls.map(call => showCall(call.function, signatureOf(call))))
  // Overloads that differ only in what they take before it is coerced look the same in a bound call.
  const all = functions.flatMap(({ name, signatures }) =>
    signatures.map(signature => showCall(name, signature))
  )
  assert.deepEqual(
    [...new Set(all)].filter(call => !called.has(call)),
    [],
    'add a case to test/fixtures/run'
  )
})

function showCall(name: string, { params, rest }: Signature): string {
  return `${name}(${[...params, ...(rest === null ? [] : [rest])].map(showType).join(', ')})`
}

/**
 * How a form looks in the syntax tree, where it is no call: it is bound to something else, so its name is nowhere in the
 * graph.
 */
const looks: Readonly<Record<string, (node: TreeNode) => boolean>> = {
  and: ({ kind, operator }) => kind === 'Logical' && operator === 'AND',
  or: ({ kind, operator }) => kind === 'Logical' && operator === 'OR',
  not: ({ kind }) => kind === 'Not',
  is_null: ({ kind, test: what }) => kind === 'Is' && what === 'NULL',
  is_distinct: ({ kind }) => kind === 'DistinctFrom',
  in: ({ kind }) => kind === 'InList',
  between: ({ kind }) => kind === 'Between',
  case: ({ kind }) => kind === 'Case',
  cast: ({ kind, safe }) => kind === 'Cast' && safe === false,
  try_cast: ({ kind, safe }) => kind === 'Cast' && safe === true,
  json_step_text: ({ kind, operator }) => kind === 'Binary' && operator === '->>'
}

function isCallOf(name: string): (node: TreeNode) => boolean {
  return node => {
    if (node.kind !== 'Call') return false
    const { parts } = node['name'] as { readonly parts: readonly { readonly name: string }[] }
    return parts.at(-1)!.name.toLowerCase() === name
  }
}

test('every form is in a run fixture', () => {
  const nodes = runGraphs.flatMap(({ script }) => findNodes(script))
  for (const { name } of forms) {
    const look = looks[name] ?? isCallOf(name)
    assert.ok(nodes.some(look), `no run fixture has the form ${name}`)
  }
})

test('what is written in place of functions of other databases compiles', () => {
  const columns =
    'x DOUBLE, y INT, text TEXT, at TIMESTAMP, list INT[], doc JSON, data BYTES, WATERMARK FOR at AS at'
  const texts = [...new Set(Object.values(otherNames))]
  const sinks = texts.map(
    (text, i) => `CREATE SINK k${i} TO KAFKA (topic = 'k${i}') AS SELECT ${text} AS v FROM s;`
  )
  const script = [`CREATE SOURCE s FROM KAFKA (topic = 's') SCHEMA (${columns});`, ...sinks]
  using folder = openScriptFolder(Buffer.from(script.join('\n')))
  const session = folder.session(false)
  resolveScript(session)
  const errors = session.diagnostics.filter(({ severity }) => severity === 'error')
  assert.deepEqual(
    errors.map(({ message }) => message),
    []
  )
  assert.deepEqual(
    Object.keys(otherNames).filter(name => findFunction(name) !== null || findAggregate(name)),
    [],
    'they are functions here too'
  )
})
