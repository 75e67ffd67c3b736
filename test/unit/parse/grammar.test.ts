import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { SqlLexer } from '#grammar'
import { isReserved, keywordTypes } from '../../../compiler/parse/keywords.ts'
import { diagnose, parse } from './support.ts'

test('the parser decides by one token everywhere', () => {
  const code = readFileSync(
    new URL('../../../grammar/generated/SqlParser.ts', import.meta.url),
    'utf8'
  )
  assert.equal(code.match(/adaptivePredict/g), null)
})

test('a word that is not reserved is a column name', () => {
  for (const [word, type] of keywordTypes) {
    if (isReserved(type)) continue
    const sql = `SELECT ${word}, t.${word} AS ${word} FROM ${word} t WHERE ${word} = 1 ORDER BY ${word}`
    assert.deepEqual(
      diagnose(sql).map(diagnostic => diagnostic.message),
      [],
      word
    )
    const schema = `CREATE SOURCE s FROM KAFKA (topic = 't') SCHEMA (${word} BIGINT, x INT)`
    assert.deepEqual(diagnose(schema), [], word)
  }
})

test('a reserved word is a name only in quotes, and the hint says so', () => {
  for (const [word, type] of keywordTypes) {
    if (!isReserved(type)) continue
    const [diagnostic] = diagnose(`DESCRIBE ${word}`)
    assert.match(diagnostic?.hint ?? '', word === 'SELECT' ? /^$/ : /reserved word/, word)
    parse(`DESCRIBE "${word}"; DESCRIBE \`${word}\``)
  }
})

test('the words that the reference uses as names are names', () => {
  const words = 'timestamp value data action window count tags name key topic user status offset'
  for (const word of `${words} partition headers date time interval row left right year`.split(
    ' '
  )) {
    assert.equal(isReserved(keywordTypes.get(word.toUpperCase()) ?? SqlLexer.WORD), false, word)
    parse(`SELECT a.${word}, ${word} FROM t a GROUP BY ${word}`)
  }
})
