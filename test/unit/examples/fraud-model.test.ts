import { strict as assert } from 'node:assert'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { encodeLogisticModel } from '../../support/onnx.ts'

const file = new URL('../../../examples/fraud/fraud_model.onnx', import.meta.url)
// amount, merchant_risk, location_score: about 4% of the demo's transactions score above 0.80.
const expected = encodeLogisticModel([0.004, 4, 3], -6)

test('the fraud example ships the logistic regression that its README describes', () => {
  if (process.env['UPDATE'] !== undefined && process.env['CI'] === undefined) {
    writeFileSync(file, expected)
  }
  assert.deepEqual(new Uint8Array(readFileSync(file)), expected)
})
