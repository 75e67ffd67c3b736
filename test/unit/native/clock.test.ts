import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { Machine } from '../../support/machine.ts'

test('librdkafka waits by a clock that nobody sets: where the other one is set back it waits no longer', async () => {
  using machine = new Machine()
  machine.setClock(3000)
  const program = join(import.meta.dirname, 'flush-slowly.ts')
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, ...machine.environment },
    stdio: ['ignore', 'pipe', 'inherit']
  })
  const lines: string[] = []
  for await (const line of createInterface(child.stdout)) {
    lines.push(line)
    machine.setClock(0)
  }
  assert.deepEqual(lines, ['waiting', 'in time'])
})
