import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

const CLI = join(import.meta.dirname, '../../compiler/cli.ts')

test('a bundle finds what keeps its state on the disk beside it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'miraclec-bundle-'))
  try {
    const script = join(folder, 'kept.sql')
    writeFileSync(
      script,
      `SET state = 'lmdb';
CREATE SOURCE s FROM KAFKA (topic = 's', brokers = '127.0.0.1:1') SCHEMA (id BIGINT);
CREATE TABLE kept (id BIGINT PRIMARY KEY);
INSERT INTO kept SELECT id FROM s;`
    )
    const words = ['compile', '--format', 'bundle', script, '-o', join(folder, 'out')]
    const { status, stderr } = spawnSync(process.execPath, [CLI, ...words])
    assert.equal(status, 0, String(stderr))
    const state = join(folder, 'state')
    const program = [join(folder, 'out/pipeline.mjs'), '--state-dir', state]
    const pipeline = spawn(process.execPath, program, { stdio: ['ignore', 'ignore', 'pipe'] })
    let text = ''
    pipeline.stderr.on('data', part => (text += String(part)))
    const ended = once(pipeline, 'close')
    // It waits for its broker then.
    while (!existsSync(join(state, 'state.mdb'))) {
      assert.equal(pipeline.exitCode, null, text)
      await sleep(50)
    }
    pipeline.kill('SIGKILL')
    await ended
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
