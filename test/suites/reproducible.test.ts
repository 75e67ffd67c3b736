import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '../..')
const MIRACLEC = join(ROOT, 'compiler/miraclec')

test('the same script gives the same bytes, whenever and wherever it is compiled', () => {
  const folder = mkdtempSync(join(tmpdir(), 'miraclec-same-'))
  try {
    const [one, other] = [join(folder, 'one'), join(folder, 'another/one')].map((place, i) => {
      mkdirSync(place, { recursive: true })
      cpSync(join(ROOT, 'examples/fraud'), join(place, 'fraud'), { recursive: true })
      // A folder to be in, a way to name the script, a zone, a time, and whether all is prepared: nothing of it may show.
      const [cwd, path] = i === 0 ? [place, 'fraud/fraud.sql'] : [join(place, 'fraud'), 'fraud.sql']
      const env = {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        TZ: ['UTC', 'Asia/Tokyo'][i],
        ...(i === 0 ? {} : { XDG_CACHE_HOME: join(place, 'cache') })
      }
      execFileSync(MIRACLEC, ['compile', path, '-o', join(place, 'out')], {
        cwd,
        env,
        stdio: 'pipe'
      })
      return hashesIn(join(place, 'out'))
    })
    assert.ok('fraud' in one! && 'pipeline.mjs' in one)
    assert.deepEqual(other, one)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

function hashesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder).filter(name => statSync(join(folder, name)).isFile())
  return Object.fromEntries(
    files.map(name => {
      const bytes = readFileSync(join(folder, name))
      return [name, createHash('sha256').update(bytes).digest('hex')]
    })
  )
}
