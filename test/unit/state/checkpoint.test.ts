import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { crc32 } from 'node:zlib'
import type { TableDefinition } from '../../../runtime/contract/index.ts'
import { Checkpoints } from '../../../runtime/pipeline/checkpoints.ts'
import { checkCheckpoint, writeCheckpoint } from '../../../runtime/state/checkpoint-file.ts'
import { TableState } from '../../../runtime/state/index.ts'
import { Histogram, SECONDS, countOf } from '../../../runtime/observe/histogram.ts'
import { makeVirtualClock } from '../../support/virtual-clock.ts'

const folder = mkdtempSync(join(tmpdir(), 'miraclec-checkpoint-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const definition: TableDefinition = {
  name: 'users/of "all"',
  columns: [
    { name: 'id', type: 'BIGINT', nullable: true },
    { name: 'name', type: 'TEXT', nullable: true }
  ],
  key: [0],
  indexes: [],
  sources: [],
  changed: () => {},
  sql: '',
  line: 1
}
const HOUR = 3_600_000
const warnings: string[] = []
const log = {
  log: (_level: string, message: string) => void warnings.push(message),
  limited: (_level: string, message: string) => void warnings.push(message)
}
const options = {
  log,
  clock: makeVirtualClock(),
  metrics: { durations: new Histogram(SECONDS), failures: 0 }
}
const path = join(folder, `${encodeURIComponent(definition.name)}.checkpoint`)

function open(of = definition) {
  const table = new TableState(of)
  return { table, checkpoints: new Checkpoints(folder, () => [table], options) }
}

/** Does what begins a checkpoint, and waits until it is written. */
async function writing(begin: () => Promise<void>): Promise<void> {
  const count = () => countOf(options.metrics.durations.snapshot())
  const before = count()
  await begin()
  while (count() === before) await new Promise(resolve => setTimeout(resolve, 5))
}

async function write(rows: number): Promise<void> {
  const { table, checkpoints } = open()
  for (let id = 0; id < rows; id++) table.set(id, [id, `user ${id}`])
  table.set(9007199254740993n, [9007199254740993n, 'big'])
  await checkpoints.last('state 1', new Map([[definition.name, 42]]))
}

test('what was written comes back, with where the changelog goes on', async () => {
  await write(20_000)
  const { table, checkpoints } = open()
  assert.equal((await checkpoints.restore('state 1')).get(definition.name), 42)
  assert.equal(table.size, 20_001)
  assert.deepEqual(table.get(9007199254740993n), [9007199254740993n, 'big'])
  assert.deepEqual(table.get(19_999), [19_999, 'user 19999'])
  assert.deepEqual(table.takeChanges(), [], 'it is in the changelog already')
})

test('one that is so old that what was deleted since may be gone from the changelog is not taken', async () => {
  await write(10)
  const now = options.clock.now()
  const restoreAt = async (time: number): Promise<number> => {
    const clock = { ...options.clock, now: () => time }
    const table = new TableState(definition)
    const checkpoints = new Checkpoints(folder, () => [table], { ...options, clock })
    return (await checkpoints.restore('state 1')).size
  }
  warnings.length = 0
  assert.deepEqual(await Promise.all([now + 21 * HOUR, now - HOUR].map(restoreAt)), [1, 1])
  assert.deepEqual(warnings, [])
  // So is one of the future: the clock of who wrote it was wrong.
  assert.deepEqual(await Promise.all([now + 23 * HOUR, now - 23 * HOUR].map(restoreAt)), [0, 0])
  assert.deepEqual(warnings, ['checkpoint is too old', 'checkpoint is too old'])
  warnings.length = 0
})

test('rows that the checkpoint has twice are found once, by their last values', async () => {
  const indexed = { ...definition, indexes: [(row: readonly unknown[]) => row[1] as string] }
  const { table, checkpoints } = open(indexed)
  const rows = [
    [1, 'a'],
    [2, 'b'],
    [1, 'ж "\\']
  ].map(row => ({ key: Buffer.from(`[${row[0]}]`), row: Buffer.from(JSON.stringify(row)) }))
  const head = {
    state: 'state 1',
    fingerprint: table.fingerprint,
    offset: 3,
    written: options.clock.now()
  }
  await writeCheckpoint(path, head, rows)
  assert.equal((await checkpoints.restore('state 1')).get(definition.name), 3)
  assert.deepEqual(table.find(0, 'a'), [])
  assert.deepEqual(table.find(0, 'ж "\\'), [[1, 'ж "\\']])
  assert.equal(table.size, 2)
})

test('rows without a key come back under their numbers', async () => {
  const unkeyed = { ...definition, key: null }
  const before = open(unkeyed)
  const rows = Array.from({ length: 5000 }, (_, i) => [i, `user ${i % 3}`.repeat(i % 50)])
  for (const row of rows) before.table.set(before.table.nextNumber(), row)
  before.table.delete(17)
  await before.checkpoints.last('state 1', new Map([[definition.name, 42]]))
  const { table, checkpoints } = open(unkeyed)
  await checkpoints.restore('state 1')
  assert.deepEqual([...table.entries()], [...before.table.entries()])
  assert.equal(table.nextNumber(), 5001)
})

test('an earlier version is not read', async () => {
  await write(10)
  const text = readFileSync(path, 'latin1').replace(
    'miraclec checkpoint 2',
    'miraclec checkpoint 1'
  )
  const bytes = Buffer.from(text, 'latin1')
  bytes.writeUInt32LE(crc32(bytes.subarray(0, -4)), bytes.length - 4)
  writeFileSync(path, bytes)
  assert.equal(checkCheckpoint(path), null)
  assert.equal((await open().checkpoints.restore('state 1')).size, 0)
})

test('of another state or layout it is left alone', async () => {
  await write(10)
  assert.equal((await open().checkpoints.restore('state 2')).size, 0)
  const wider = {
    ...definition,
    columns: [...definition.columns, { name: 'x', type: 'INT', nullable: true }]
  }
  const { table, checkpoints } = open(wider)
  assert.equal((await checkpoints.restore('state 1')).size, 0)
  assert.equal(table.size, 0)
})

test('damaged at any place it is not read', async () => {
  await write(100)
  const whole = readFileSync(path)
  for (const at of [0, 30, 100, whole.length >> 1, whole.length - 1]) {
    const damaged = Buffer.from(whole)
    damaged[at]! ^= 1
    writeFileSync(path, damaged)
    const { table, checkpoints } = open()
    assert.equal((await checkpoints.restore('state 1')).size, 0, `byte ${at}`)
    assert.equal(table.size, 0)
  }
  for (const length of [0, 3, 20, whole.length - 1]) {
    writeFileSync(path, whole.subarray(0, length))
    assert.equal((await open().checkpoints.restore('state 1')).size, 0, `${length} bytes`)
  }
})

test('it takes its place only after the commit behind it', async () => {
  rmSync(path, { force: true })
  const { table, checkpoints } = open()
  table.set(1, [1, 'a'])
  const ends = async () => new Map([[definition.name, 7]])
  await writing(() => checkpoints.committed(0, 'state 1', ends))
  assert.equal((await open().checkpoints.restore('state 1')).size, 0)
  await checkpoints.committed(1, 'state 1', ends)
  assert.equal((await open().checkpoints.restore('state 1')).get(definition.name), 7)
})

test('a folder that vanishes costs the checkpoint and nothing else, before and after it is written', async () => {
  const { table, checkpoints } = open()
  table.set(1, [1, 'a'])
  const ends = async () => new Map([[definition.name, 7]])
  await writing(() => checkpoints.committed(0, 'state 1', ends))
  await checkpoints.committed(1, 'state 1', ends)
  await writing(() => checkpoints.committed(100_000, 'state 1', ends))
  rmSync(folder, { recursive: true, force: true })
  warnings.length = 0
  await checkpoints.committed(100_001, 'state 1', ends)
  await checkpoints.last('state 1', await ends())
  await checkpoints.committed(200_002, 'state 1', ends)
  await checkpoints.discard()
  assert.equal(new Set(warnings).size, 1, String(warnings))
  assert.match(warnings[0]!, /^no checkpoint/)
})
