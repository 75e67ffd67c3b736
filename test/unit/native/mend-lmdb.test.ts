import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { prepareNative } from '../../../compiler/bundle/native-parts.ts'

/** What lmdb-js has for it (`malloc(100)` in mdb.c). */
const ROOM = 100

test('what LMDB says of a write that fails has room in its memory, whatever the numbers', async () => {
  const { folder, files } = await prepareNative('lmdb')
  const addon = readFileSync(join(folder, files[0]!.name))
  const start = addon.indexOf('Attempting to write page')
  assert.notEqual(start, -1)
  const format = addon.toString('latin1', start, addon.indexOf(0, start))
  const longest = format.replaceAll('%u', '4294967295').replaceAll('%i', '-2147483648')
  assert.ok(longest.length < ROOM, longest)
})
