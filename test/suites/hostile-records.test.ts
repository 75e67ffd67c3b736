import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { makeTableRenderer } from '../../runtime/connect/stdout/render-rows.ts'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { renderRecord } from '../../runtime/dev/render-record.ts'
import { makeLogger } from '../../runtime/observe/log.ts'
import { printableLines } from '../../runtime/observe/printable.ts'
import type { Snapshot } from '../../runtime/observe/snapshot.ts'
import type { DeadLetter } from '../../runtime/replay/dead-letter.ts'
import { LetterCounts, renderLetter } from '../../runtime/replay/render-letters.ts'
import { renderExpanded, renderTable } from '../../runtime/shell/render-table.ts'
import { makeExporter } from '../../runtime/watch/prometheus.ts'
import { renderAnalysis } from '../../runtime/watch/render-analysis.ts'
import { renderStatus } from '../../runtime/watch/render-status.ts'
import { startAskedPipeline } from '../support/asked-pipeline.ts'

/** What a terminal, or who reads it, would be deceived by. */
const attacks = {
  'a colour': '\u001b[31m',
  'a title with its end': '\u001b]0;x\u0007',
  'an introducer of one byte': '\u009b2J',
  'a line end': '\n',
  'back to the start': '\rok',
  'a back space': 'x\b\b',
  'a null': '\0',
  'a delete': '\u007f',
  'a line separator': '\u2028',
  'text from the right': '\u202efdp.exe\u202c',
  'an isolate': '\u2067x\u2069',
  'a mark for the right': '\u200f',
  'an Arabic mark': '\u061c',
  'a byte order mark': '\ufeff',
  'half a character': '\ud800'
}
/** All that an attack can't do without; a line of output ends by itself. */
const DANGER =
  /[\0-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|\p{Surrogate}/u
const FRAME = 'before|'

async function anySnapshot(): Promise<Snapshot> {
  const asked = await startAskedPipeline(
    'hostile-records',
    `CREATE SOURCE a FROM KAFKA (topic = 'a') SCHEMA (id INT, n INT);
CREATE TABLE t (id INT PRIMARY KEY);
CREATE SINK b TO KAFKA (topic = 'b') AS SELECT id FROM a;`,
    makeMemoryTopics()
  )
  try {
    return asked.pipeline.snapshot()
  } finally {
    await asked.stop()
  }
}

/** The same with `text` wherever there is one. */
function poison<T>(value: T, text: string): T {
  if (typeof value === 'string') return text as T
  if (Array.isArray(value)) return value.map(one => poison(one as unknown, text)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, poison(one as unknown, text)])
  ) as T
}

function withError(snapshot: Snapshot): Snapshot {
  const place = { line: 1, column: 1, statement: 's', text: 't' }
  const error = { of: 'a', code: 'c', count: 1, message: 'm', time: 0, place, line: 1 }
  return { ...snapshot, errors: [error as unknown as Snapshot['errors'][number]] }
}

function letter(text: string): DeadLetter {
  const bytes = Buffer.from(text)
  return {
    topic: 'letters',
    partition: 0,
    offset: 0,
    timestamp: 0,
    key: bytes,
    value: bytes,
    headers: [{ key: text, value: bytes }],
    error: {
      [text]: text,
      code: text,
      source: text,
      statement: text,
      position: text,
      message: text
    }
  }
}

function counted(text: string): string {
  const counts = new LetterCounts()
  counts.add(letter(text), false)
  return counts.render('letters')
}

function logged(format: 'json' | 'text', text: string): string {
  const lines: string[] = []
  const write = (line: string): void => void lines.push(line)
  const logger = makeLogger({
    format,
    level: 'info',
    clock: { now: () => 0, elapsed: () => 0 },
    write
  })
  logger.log('info', text, { [text]: text })
  assert.equal(lines.length, 1)
  assert.equal(lines[0]!.indexOf('\n'), lines[0]!.length - 1, 'one line')
  return lines[0]!
}

function printedRow(text: string): string {
  const bytes = Buffer.from(JSON.stringify({ [text]: text, doc: { [text]: [text] } }))
  const one = Int32Array.of(0)
  const batch = {
    bytes,
    count: 1,
    keyStart: Int32Array.of(-1),
    keyEnd: one,
    valueStart: one,
    valueEnd: Int32Array.of(bytes.length),
    partition: one,
    offset: Float64Array.of(0),
    timestamp: Float64Array.of(0),
    op: Uint8Array.of(0),
    headers: null,
    end: bytes.length
  }
  return makeTableRenderer()(batch, false)
}

describe('what a record holds moves no terminal', async () => {
  const snapshot = withError(await anySnapshot())
  const answer = (text: string) => ({
    columns: [{ name: text, type: 'TEXT' }],
    rows: [[text], [{ [text]: text }], [[text]]]
  })
  const outputs: Readonly<Record<string, (text: string) => string | Promise<string>>> = {
    'log, JSON': text => logged('json', text),
    'log, text': text => logged('text', text),
    status: text => renderStatus(poison(snapshot, text), poison(snapshot, text), Infinity),
    'explain --analyze': text =>
      renderAnalysis({ text: '', nodes: [] }, poison(snapshot, text), poison(snapshot, text)),
    'status as JSON': text => printableLines(JSON.stringify(poison(snapshot, text), null, 2)),
    'table of the shell': text => renderTable(answer(text)),
    'lines of the shell': text => renderExpanded(answer(text)),
    'rows on the screen': printedRow,
    'records of dev': text =>
      renderRecord({
        topic: text,
        key: text,
        value: text,
        headers: [
          ['miracledb.error.code', text],
          ['miracledb.error.message', text],
          ['miracledb.error.statement', text],
          ['miracledb.error.position', text]
        ]
      }),
    'dead letters, counted': counted,
    'a dead letter': text => renderLetter(letter(text), false)
  }

  for (const [name, render] of Object.entries(outputs)) {
    test(name, async () => {
      assert.match(await render(FRAME), /before\|/, 'it shows the text at all')
      for (const [attack, text] of Object.entries(attacks)) {
        const shown = await render(FRAME + text)
        assert.doesNotMatch(shown, DANGER, attack)
        if (!/^\n/.test(text)) assert.match(shown, /\\u[0-9a-f]{4}|\ufffd|\\[nrbt]/, attack)
      }
    })
  }

  test('JSON for a terminal is the same document', () => {
    for (const text of Object.values(attacks)) {
      const before = { [text]: [text, { x: text }] }
      const after = JSON.parse(printableLines(JSON.stringify(before, null, 2))) as unknown
      assert.deepEqual(after, before)
    }
  })

  test('metrics: a label is one line, and stays in its quotes', async () => {
    const text = 'x"} 1\nminted{a="\\'
    const lines = (await makeExporter().render(poison(snapshot, text))).split('\n')
    assert.ok(lines.some(line => line.includes(String.raw`x\"} 1\nminted{a=\"\\`)))
    for (const line of lines) assert.doesNotMatch(line, /^minted/)
  })
})
