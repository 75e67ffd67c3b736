import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { root } from '../architecture/source-files.ts'
import { makeCommandFolder } from '../support/command-folder.ts'

const timeout = 60_000
/** Between two changes, in ms: one may come before the command looks at the file. */
const AGAIN = 300
const folder = makeCommandFolder()
after(() => folder.remove())

function script(topic: string, options = ''): string {
  return `CREATE SOURCE s FROM KAFKA (topic = 'in'${options}) SCHEMA (n INT);
CREATE SINK k TO KAFKA (topic = '${topic}') AS SELECT n FROM s;
`
}

/** A command that watches, and what it says. */
function start(words: readonly string[]) {
  const child = spawn(join(root, 'compiler/miraclec'), [...words, '--watch'], {
    cwd: folder.path,
    stdio: ['ignore', 'ignore', 'pipe']
  })
  const lines = createInterface({ input: child.stderr })[Symbol.asyncIterator]()
  return {
    child,
    async said(pattern: RegExp): Promise<string> {
      for (;;) {
        const { value, done } = (await lines.next()) as IteratorResult<string, undefined>
        assert.ok(done !== true, `it ended before it said ${pattern}`)
        if (pattern.test(value)) return value
      }
    },
    [Symbol.dispose]: () => void child.kill()
  }
}

test(
  'compile --watch says how long each took, and goes on after what is wrong',
  { timeout },
  async () => {
    folder.write('right.sql', script('out'))
    using watching = start(['compile', 'right.sql', '--format', 'bundle', '-o', 'dist'])
    const done = /^right\.sql -> dist\/pipeline\.mjs \(.* MB, \d+\.\d\d s\)$/
    await watching.said(done)
    folder.write('right.sql', `${script('out')}SELEC 1;\n`)
    await watching.said(/ error: .* \[syntax-error\]$/)
    folder.write('right.sql', script('elsewhere'))
    await watching.said(done)
    assert.match(readFileSync(join(folder.path, 'dist/pipeline.ts'), 'utf8'), /topic: 'elsewhere'/)
    watching.child.kill('SIGINT')
    assert.deepEqual(await once(watching.child, 'exit'), [130, null])
  }
)

test('a file that a script needs is watched, wherever it is', { timeout }, async () => {
  mkdirSync(join(folder.path, 'schemas'))
  const proto = (type: string): string =>
    folder.write('schemas/row.proto', `syntax = "proto3";\nmessage Row { ${type} n = 1; }\n`)
  proto('int32')
  folder.write(
    'proto.sql',
    script('out', ", format = 'protobuf', proto_file = 'schemas/row.proto'")
  )
  using watching = start(['check', 'proto.sql'])
  await watching.said(/^proto\.sql: no errors$/)
  const changes = setInterval(() => proto('bytes'), AGAIN)
  try {
    await watching.said(/^proto\.sql:1:\d+: error: /)
  } finally {
    clearInterval(changes)
  }
})
