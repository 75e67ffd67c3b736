import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { makeMemoryConnector, makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { startPipeline } from '../../runtime/pipeline/start-pipeline.ts'
import { systemClock } from '../../runtime/time/clock.ts'
import { makeCommandFolder } from '../support/command-folder.ts'
import { compileFixture, openScriptFolder } from '../support/compile-fixture.ts'
import { loadPipeline } from '../support/load-pipeline.ts'

const script = `CREATE SOURCE s FROM KAFKA (topic = 'in') SCHEMA (n INT);
CREATE SINK k TO KAFKA (topic = 'out') AS SELECT n FROM s;
`
const folder = makeCommandFolder()
after(() => folder.remove())

test('an executable starts without those of the modules of Node that take long to load', () => {
  const source = folder.write('copy.sql', script)
  const compiled = folder.miraclec(['compile', source, '-o', 'dist'], 60_000)
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

test('nothing is read before the port is taken, or where it cannot be', async () => {
  using sources = openScriptFolder(Buffer.from(script), {}, 'start.sql')
  const { compiled } = compileFixture(sources, true)
  const path = join(import.meta.dirname, '_actual/start.ts')
  const { definition, models } = await loadPipeline(compiled, path)
  const connector = makeMemoryConnector(makeMemoryTopics(), systemClock)
  const seen: string[] = []
  const port = Promise.withResolvers<undefined>()
  const starting = startPipeline(definition, {
    connector: {
      ...connector,
      async openSource(...given) {
        const source = await connector.openSource(...given)
        seen.push('opened')
        return {
          ...source,
          poll: async () => (seen.push('polled'), null),
          close: async () => void seen.push('closed')
        }
      }
    },
    clock: systemClock,
    log: { log: () => {}, limited: () => {} },
    models,
    mayRead: port.promise
  })
  await new Promise(resolve => setTimeout(resolve, 20))
  assert.deepEqual(seen, ['opened'])
  port.reject(new Error('the port is taken'))
  await assert.rejects(starting, /the port is taken/)
  assert.deepEqual(seen, ['opened', 'closed'])
})
