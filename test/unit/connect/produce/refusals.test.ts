import assert from 'node:assert/strict'
import { test } from 'node:test'
import { remedyFor } from '../../../../runtime/connect/produce/refusals.ts'
import { CODES } from '../../../../runtime/connect/wire/error-codes.ts'

test('what a broker can not explain passes, as what it is too busy for: no record is to blame', () => {
  for (const code of [CODES.unknown, CODES.unknownTopic, 6, 7, 19, 20, 56])
    assert.equal(remedyFor(code, 10), 'wait', String(code))
})

test('who is unknown gets another id; what is too large is halved until one record is', () => {
  assert.equal(remedyFor(CODES.outOfOrderSequence, 10), 'newIdentity')
  assert.equal(remedyFor(CODES.tooLarge, 10), 'halve')
  assert.equal(remedyFor(CODES.tooLarge, 1), 'lose')
  assert.equal(remedyFor(CODES.invalidRecord, 2), 'leaveOut')
  assert.equal(remedyFor(CODES.invalidRecord, 1), 'lose')
})
