import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  allocateBytes,
  arenaBytes,
  releaseBytes,
  reserveBytes
} from '../../../runtime/codec/arena.ts'

test('tables that follow a batch in the arena begin as zeros', () => {
  const batch = allocateBytes(4 << 20)
  batch.bytes.fill(0xff, batch.start, batch.end)
  releaseBytes(batch)
  // More than what is kept for tables from the start, so that they get a block where the batch was.
  for (let reserved = 0; reserved < 2 << 20; reserved += 4096) {
    const address = reserveBytes(4096)
    const found = arenaBytes.subarray(address, address + 4096)
    assert.ok(
      found.every(byte => byte === 0),
      `at ${address}`
    )
  }
})

test('V8 has no reason to collect garbage because of the arena', () => {
  assert.ok(process.memoryUsage().external < arenaBytes.length / 2)
})
