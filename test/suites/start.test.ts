import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { makeCommandFolder } from '../support/command-folder.ts'

const folder = makeCommandFolder()
after(() => folder.remove())

test('an executable starts without those of the modules of Node that take long to load', () => {
  folder.write(
    'copy.sql',
    `CREATE SOURCE s FROM KAFKA (topic = 'in') SCHEMA (n INT);
CREATE SINK k TO KAFKA (topic = 'out') AS SELECT n FROM s;
`
  )
  const compiled = folder.miraclec(['compile', 'copy.sql', '-o', 'dist'], 60_000)
  assert.equal(compiled.status, 0, compiled.stderr)
  const list = `process.on('exit', () => console.error(process.moduleLoadList.join(' ')))`
  const { stdout, stderr } = spawnSync(join(folder.path, 'dist/copy'), ['--version'], {
    env: { ...process.env, NODE_OPTIONS: `--require ./${folder.write('list.cjs', list)}` },
    cwd: folder.path,
    encoding: 'utf8'
  })
  assert.match(stdout, /^copy /)
  const loaded = stderr.match(
    /(?<=NativeModule )(?:child_process|crypto|http|https|tls|zlib)(?= )/g
  )
  assert.equal(loaded, null)
  assert.match(stderr, /NativeModule net /)
})
