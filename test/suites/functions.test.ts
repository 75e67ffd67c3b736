import assert from 'node:assert/strict'
import { test } from 'node:test'
import { catalogue } from '../../compiler/functions/index.ts'
import { makeFormCases } from '../support/functions/form-cases.ts'
import {
  columnOf,
  type FunctionCase,
  makeCase,
  randomExpression,
  randomField
} from '../support/functions/function-call.ts'
import { makeGenericCases } from '../support/functions/generic-cases.ts'
import { askQuestions, findErrors, type Question } from '../support/functions/question.ts'
import { makeRandom } from '../support/functions/random-value.ts'

// Every overload of every function with random arguments, NULLs and extremes: over columns of a record and over literals.
// Generated code, optimised and not, has to say what the slow twin says, row by row.

const SEED = 20261126
const ROWS = 24
const CONSTANT_CALLS = 4
/** Overloads per script: a module of a few thousand lines. */
const BATCH = 60
/** By function: how far the twin's series may be off. */
const TOLERANCE: Readonly<Record<string, number>> = { gamma: 1e-11, lgamma: 1e-11 }

/** UNNEST makes rows, and predict asks a model: they have run fixtures. */
const NO_VALUES = new Set(['unnest', 'predict'])

// What differs from call to call has no twin that could say the same.
const entries = catalogue.filter(({ name, volatile }) => !volatile && !NO_VALUES.has(name))
const cases = entries.flatMap(entry => [
  ...entry.signatures.map(signature => makeCase(entry, signature)),
  ...makeGenericCases(entry),
  ...makeFormCases(entry)
])

test('every function, operator and form is called with random arguments', () => {
  const called = new Set(cases.map(({ entry }) => entry.name))
  const missing = entries.filter(({ name }) => !called.has(name)).map(({ name }) => name)
  assert.deepEqual(missing, [], 'add it to generic-cases.ts or form-cases.ts')
})

for (let from = 0; from < cases.length; from += BATCH) {
  const batch = cases.slice(from, from + BATCH)
  const name = `${batch[0]!.entry.name} to ${batch.at(-1)!.entry.name}`
  test(`over columns: ${name}`, async () => {
    await check(
      batch.map((each, i) => overColumns(each, from + i)),
      `columns-${from}`
    )
  })
  test(`over literals: ${name}`, async () => {
    await check(
      batch.flatMap((each, i) => overLiterals(each, from + i)),
      `literals-${from}`
    )
  })
}

test('examples hold', async () => {
  // A model needs a file.
  const known = catalogue.filter(({ name }) => name !== 'predict')
  const questions = known.map(({ name, example }, i) => ({
    title: `${name}: ${example}`,
    topic: `out${i}`,
    input: `in${i}`,
    statements: `
      CREATE SOURCE s${i} FROM KAFKA (topic = 'in${i}') SCHEMA (n INT);
      CREATE SINK k${i} TO KAFKA (topic = 'out${i}') AS SELECT n, ${example} AS x FROM s${i};`,
    records: ['{"n":0}']
  }))
  const { answers } = await askQuestions(questions, 'examples')
  for (const [i, { title }] of questions.entries()) {
    const answer = answers[i]!.get('{"n":0}')!
    assert.match(answer, /^\{/, `the example fails: ${title}`)
    // Most are conditions.
    assert.notEqual(answer, '{"n":0,"x":false}', `the example does not hold: ${title}`)
  }
})

function overColumns(each: FunctionCase, index: number): Question {
  const random = makeRandom(SEED + index)
  const { entry, params, pools, title, call } = each
  const columns = params.map((type, i) => columnOf(type, `a${i}`))
  const values = columns.map(([, value], i) =>
    pools[i]?.constant === true ? randomExpression(each, i, random) : value
  )
  const schema = ['n INT', ...columns.map(([column]) => column)].join(', ')
  const input = `in${index}`
  const records = Array.from({ length: ROWS }, (_, n) => {
    const fields = params.map((_, i) => `"a${i}":${randomField(each, i, random)}`)
    return `{${[`"n":${n}`, ...fields].join(',')}}`
  })
  return {
    title: `${title}: ${call(values)}`,
    topic: `out${index}`,
    input,
    statements: `
      CREATE SOURCE s${index} FROM KAFKA (topic = '${input}') SCHEMA (${schema});
      CREATE SINK k${index} TO KAFKA (topic = 'out${index}') AS SELECT n, ${call(values)} AS x FROM s${index};`,
    records,
    tolerance: TOLERANCE[entry.name] ?? 0
  }
}

function overLiterals(each: FunctionCase, index: number): Question[] {
  const random = makeRandom(SEED * 2 + index)
  const calls = each.entry.signatures.length > 0 ? CONSTANT_CALLS : CONSTANT_CALLS / 2
  return Array.from({ length: calls }, (_, j) => {
    const call = each.call(each.params.map((_, i) => randomExpression(each, i, random)))
    const id = `${index}_${j}`
    return {
      title: `${each.title}: ${call}`,
      topic: `out${id}`,
      input: `in${id}`,
      statements: `
        CREATE SOURCE s${id} FROM KAFKA (topic = 'in${id}') SCHEMA (n INT);
        CREATE SINK k${id} TO KAFKA (topic = 'out${id}') AS SELECT n, ${call} AS x FROM s${id};`,
      records: ['{"n":0}'],
      tolerance: TOLERANCE[each.entry.name] ?? 0
    }
  })
}

/** What a constant argument that no row could make right is told. */
const REFUSALS = ['invalid-argument', 'invalid-like-pattern', 'invalid-literal']

async function check(all: readonly Question[], name: string): Promise<void> {
  const errors = findErrors(all)
  for (const [i, { title }] of all.entries()) {
    for (const error of errors[i]!) {
      assert.ok(REFUSALS.includes(error.code), `${title}: ${error.message}`)
    }
  }
  const accepted = all.filter((_, i) => errors[i]!.length === 0)
  assert.deepEqual((await askQuestions(accepted, name)).differences, [])
}
