import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { askQuestions, findErrors, type Question } from '../support/functions/question.ts'

// The compliance tests of RFC 9535: singular paths give what they say, all others are refused when the script is compiled.

const file = join(import.meta.dirname, '../../../shared/suites/jsonpath-cts/cts.json')

interface Case {
  readonly name: string
  readonly selector: string
  readonly document?: unknown
  readonly result?: readonly unknown[]
  readonly invalid_selector?: boolean
}

/** RFC 9535's singular-query. */
const SINGULAR =
  /^\$(?:[ \t\n\r]*(?:\.[a-zA-Z_\u0080-\u{10ffff}][\w\u0080-\u{10ffff}]*|\[[ \t\n\r]*(?:0|-?[1-9]\d*|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")[ \t\n\r]*\]))*$/u

const isSingular = ({ selector, invalid_selector }: Case): boolean =>
  invalid_selector !== true && SINGULAR.test(selector)

function ask(each: Case, i: number): Question {
  const path = `'${each.selector.replaceAll("'", "''")}'`
  return {
    title: `${each.name}: ${each.selector}`,
    topic: `out${i}`,
    input: `in${i}`,
    statements: `
      CREATE SOURCE s${i} FROM KAFKA (topic = 'in${i}') SCHEMA (n INT, doc JSON);
      CREATE SINK k${i} TO KAFKA (topic = 'out${i}')
      AS SELECT n, json_extract(doc, ${path}) AS found, json_exists(doc, ${path}) AS is_there FROM s${i};`,
    records: [JSON.stringify({ n: 0, doc: each.document ?? null })]
  }
}

const skip = existsSync(file) ? false : '703 cases skipped: ../shared/suites is absent'

test('jsonpath-cts: singular paths', { skip }, async t => {
  const cases = readCases().filter(isSingular)
  const questions = cases.map(ask)
  const { answers, differences } = await askQuestions(questions, 'jsonpath-cts')
  assert.deepEqual(differences, [])
  for (const [i, { result, name }] of cases.entries()) {
    const answer = answers[i]!.get(questions[i]!.records[0]!)!
    assert.match(answer, /^\{/, name)
    const found = result!.length === 0 ? null : result![0]
    assert.deepEqual(JSON.parse(answer), { n: 0, found, is_there: result!.length > 0 }, name)
  }
  t.diagnostic(`${cases.length} singular paths`)
  assert.ok(cases.length >= 79, 'the suite has become smaller, or fewer paths count as singular')
})

test('jsonpath-cts: everything else is refused', { skip }, t => {
  // A NUL makes the whole script an error.
  const cases = readCases().filter(each => !isSingular(each) && !each.selector.includes('\0'))
  const errors = findErrors(cases.map(ask))
  for (const [i, { name, selector }] of cases.entries()) {
    const codes = new Set(errors[i]!.map(({ code }) => code))
    assert.deepEqual([...codes], ['invalid-json-path'], `${name}: ${selector}`)
  }
  t.diagnostic(`${cases.length} paths that are not singular, or none`)
})

function readCases(): readonly Case[] {
  const { tests } = JSON.parse(readFileSync(file, 'utf8')) as { readonly tests: readonly Case[] }
  return tests
}
