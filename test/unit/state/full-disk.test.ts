import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { Machine } from '../../support/machine.ts'

const module = join(import.meta.dirname, '../../../runtime/state/checkpoint-file.ts')

/** Writes a checkpoint for as many bytes of room as each line of its input says; prints how that ended. */
const program = `
import { readFileSync, rmSync, writeSync, openSync } from 'node:fs'
import { checkCheckpoint, writeCheckpoint } from ${JSON.stringify(module)}
const state = openSync(process.env.MACHINE_STATE, 'r+')
const path = process.env.MACHINE_DISK + '/checkpoint'
const head = { state: 's', fingerprint: 'f', offset: 1, written: 0 }
for (const room of readFileSync(0, 'utf8').split(' ')) {
  rmSync(path, { force: true })
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(room))
  writeSync(state, bytes, 0, 8, 8)
  const said = await writeCheckpoint(path, head, [{ key: Buffer.from('key'), row: Buffer.from('row') }]).then(
    () => 'written',
    error => error.code
  )
  console.log(said, checkCheckpoint(path)?.offset ?? null)
}`

/** The line with the head, a block's three numbers, the lengths, the arrays of one key and of one row, the checksum. */
const WHOLE =
  'miraclec checkpoint 2 {"state":"s","fingerprint":"f","offset":1,"written":0}\n'.length +
  12 +
  8 +
  10 +
  4

test('what a disk has no room for is no checkpoint, and says so, wherever it is cut', () => {
  using machine = new Machine()
  const rooms = [0, 1, 40, WHOLE - 5, WHOLE - 4, WHOLE - 3, WHOLE - 1, WHOLE]
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    input: rooms.join(' '),
    env: { ...process.env, ...machine.environment }
  })
  const lines = String(output).trimEnd().split('\n')
  assert.deepEqual(
    lines,
    rooms.map(room => (room < WHOLE ? 'ENOSPC null' : 'written 1'))
  )
})
