import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileDamage } from '../../../runtime/lmdb/file-damage.ts'
import { openLmdb } from '../../../runtime/lmdb/index.ts'
import { makeRandom } from '../../support/functions/random-value.ts'

const ROUNDS = 20
const PAGE = 4096

function inFolder(run: (folder: string, warnings: string[]) => Promise<void>) {
  return async (): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'miraclec-lmdb-'))
    try {
      await run(folder, [])
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
}

function open(folder: string, warnings: string[]) {
  return openLmdb(folder, ['a'], {
    warn: (_, reason) => void warnings.push(reason),
    damaged: message => new Error(message),
    refused: message => new Error(message)
  })
}

test(
  'a file is as long as LMDB says after each commit, whatever it was that it wrote',
  inFolder(async (whole, warnings) => {
    for (let round = 1; round <= ROUNDS; round++) {
      const folder = join(whole, String(round))
      const random = makeRandom(round)
      const backend = open(folder, warnings)
      const map = backend.store('a').map('rows')
      for (let commit = 0; commit < 20; commit++) {
        backend.write(() => {
          for (let left = random(300); left >= 0; left--) {
            const key = Buffer.from(`key ${random(500)}`)
            if (random(2) === 0) map.put(key, Buffer.alloc(1 + random(3000), 7))
            else map.remove(key)
          }
        })
        // As a process finds it that comes after a kill.
        assert.equal(fileDamage(join(folder, 'state.mdb')), null, `round ${round}`)
      }
      await backend.close(true)
    }
    assert.deepEqual(warnings, [])
  })
)

test(
  'a file that is cut is made anew',
  inFolder(async (folder, warnings) => {
    const backend = open(folder, warnings)
    backend.write(() => backend.store('a').map('rows').put(Buffer.from('k'), Buffer.from('v')))
    await backend.close(true)
    const path = join(folder, 'state.mdb')
    truncateSync(path, statSync(path).size - PAGE)
    const again = open(folder, warnings)
    assert.match(warnings.join(), /it has \d+ bytes of \d+/)
    assert.equal(again.store('a').map('rows').get(Buffer.from('k')), undefined)
    await again.close(true)
  })
)

test(
  'a state may have as many maps as a table has indexes',
  inFolder(async (folder, warnings) => {
    const backend = open(folder, warnings)
    const store = backend.store('a')
    const maps = Array.from({ length: 40 }, (_, i) => store.map(`index ${i}`))
    backend.write(() => maps.forEach(map => map.put(Buffer.from('k'), Buffer.from('v'))))
    assert.ok(maps.every(({ size }) => size === 1))
    await backend.close(true)
  })
)
