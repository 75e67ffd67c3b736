import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { makeMemoryTopics } from '../../runtime/connect/memory/index.ts'
import { type AskedPipeline, startAskedPipeline } from '../support/asked-pipeline.ts'
import { Terminal, terminalMissing } from '../support/terminal.ts'

const PROGRAM = join(import.meta.dirname, '../support/sql-shell.ts')
const PROMPT = 'sql> '

const missing = terminalMissing()
const isSkipped = missing !== null && process.env['CI'] === undefined
if (isSkipped) console.warn(`\n!!! SKIPPED, no terminal: ${missing}\n`)

describe(
  'the shell of `pipeline sql`, at a terminal',
  { skip: isSkipped ? missing! : false },
  () => {
    const home = mkdtempSync(join(tmpdir(), 'miraclec-test-'))
    let asked: AskedPipeline

    before(async () => {
      if (missing !== null) throw new Error(missing)
      asked = await startAskedPipeline(
        'sql-shell',
        `CREATE TABLE orders (id BIGINT PRIMARY KEY, who TEXT, amount DECIMAL(10, 2), note TEXT);
CREATE SOURCE transactions_stream FROM KAFKA (topic = 'in') SCHEMA (id BIGINT);
CREATE SOURCE user_events FROM KAFKA (topic = 'in2') SCHEMA (id BIGINT);
CREATE SINK cdc_output TO KAFKA (topic = 'out') FROM TABLE orders;
CREATE SINK order_updates TO KAFKA (topic = 'out2');
INSERT INTO order_updates SELECT id FROM transactions_stream;
INSERT INTO order_updates SELECT id FROM user_events;`,
        makeMemoryTopics()
      )
    })
    after(async () => {
      await asked?.stop()
      rmSync(home, { recursive: true, force: true })
    })

    async function opened(folder = home, pipeline = asked): Promise<Terminal> {
      const words = [process.execPath, PROGRAM, new URL(pipeline.url).port, 'secret']
      const terminal = new Terminal(words, { XDG_STATE_HOME: folder })
      await terminal.shows(PROMPT)
      return terminal
    }

    /** What a line is answered with: without its echo and the next prompt. */
    async function answer(terminal: Terminal, line: string): Promise<string> {
      terminal.type(`${line}\r`)
      const shown = await terminal.shows(`\n${PROMPT}`)
      return shown.slice(shown.indexOf('\n') + 1, -PROMPT.length)
    }

    test('lists as the reference prints them, rows in a box, errors with their place', async () => {
      using terminal = await opened()
      assert.equal(
        await answer(terminal, 'SHOW SINKS;'),
        `+-------------------+
| sink_name         |
+-------------------+
| cdc_output        |
| order_updates     |
+-------------------+
`
      )
      assert.match(await answer(terminal, 'LIST SOURCES;'), /\| transactions_stream \|\n/)
      const rows = `(9007199254740993, 'Zoë 日本', 1.5, NULL), (2, '👩‍👩‍👧', -12.25, E'a\\nb')`
      assert.equal(
        await answer(terminal, `INSERT INTO orders VALUES ${rows};`),
        'INSERT orders: 2 rows\n'
      )
      assert.equal(
        await answer(terminal, 'SELECT * FROM orders ORDER BY id;'),
        `+------------------+----------+--------+------+
| id               | who      | amount | note |
+------------------+----------+--------+------+
|                2 | 👩‍👩‍👧       | -12.25 | a\\nb |
| 9007199254740993 | Zoë 日本 |   1.50 | NULL |
+------------------+----------+--------+------+
`
      )
      assert.equal(
        await answer(terminal, "SELECT '日本', whoo FROM orders;"),
        `statement:1:14: error: no column is called "whoo" [column-not-found]
  1 | SELECT '日本', whoo FROM orders
    |                ^^^^
  hint: Did you mean "who"?
`
      )
    })

    test('rows that are wider than the terminal come a line per value; \\x chooses', async () => {
      using terminal = await opened()
      const wide = `SELECT 1 AS a, '${'x'.repeat(90)}' AS long, 2.5 AS b;`
      assert.match(
        await answer(terminal, wide),
        /^-\[ row 1 \]\na {4}\| 1\nlong \| x{90}\nb {4}\| 2\.5\n$/
      )
      assert.match(await answer(terminal, '\\x'), /a line per value/)
      assert.equal(await answer(terminal, 'SELECT 1 AS a;'), '-[ row 1 ]\na | 1\n')
      assert.match(await answer(terminal, '\\x'), /a box/)
      assert.match(await answer(terminal, wide), /^\+---\+-{92}\+-----\+\n/)
      assert.match(await answer(terminal, '\\x auto'), /wider than the screen/)
    })

    test('statements of several lines, several on a line, and what is pasted ahead', async () => {
      using terminal = await opened()
      terminal.type("SELECT 'it''s\r")
      await terminal.shows("  '> ")
      terminal.type("a;b' AS t /* ;\r")
      await terminal.shows('  *> ')
      assert.equal(await answer(terminal, '*/;'), boxOf('t', "it's\\na;b"))
      const both = await answer(terminal, 'SELECT 1 AS a; SELECT 2 AS b;')
      assert.equal(both, boxOf('a', 1) + boxOf('b', 2))
      terminal.type('SELECT 3\rAS c;\rSELECT 4 AS d;\rSEL')
      const end = `${PROMPT}SEL`
      assert.equal(
        await terminal.shows(`${boxOf('d', 4)}${end}`),
        `SELECT 3\n  -> AS c;\n${boxOf('c', 3)}${PROMPT}SELECT 4 AS d;\n${boxOf('d', 4)}${end}`
      )
    })

    test('Ctrl-C forgets what was typed, also earlier lines; Ctrl-D and \\q leave', async () => {
      using terminal = await opened()
      terminal.type("SELECT 'open\r")
      await terminal.shows("  '> ")
      terminal.type('still open\u001b[D\u001b[D')
      await terminal.shows('still open')
      terminal.type('\u0003')
      assert.match(await terminal.shows(PROMPT), /\^C\n/)
      assert.equal(await answer(terminal, 'SELECT 5 AS e;'), boxOf('e', 5))
      terminal.type('\u0004')
      assert.equal(await terminal.exit(), 0)
      using other = await opened()
      other.type('SELECT 1\r')
      await other.shows('  -> ')
      other.type('\\q\r')
      assert.equal(await other.exit(), 0)
    })

    test('Tab completes names and words, by what comes before them', async () => {
      using terminal = await opened()
      // A paste has tabs too, which complete nothing: keys come one by one.
      const tab = async (text: string): Promise<void> => {
        terminal.type(text)
        await terminal.shows(text)
        terminal.type('\t')
      }
      await tab('sel')
      await terminal.shows('SELECT')
      await tab(' am')
      await terminal.shows('ount')
      await tab(' FROM orders WHERE am')
      await terminal.shows('ount')
      assert.equal(await answer(terminal, ' < 0;'), boxOf('amount', '-12.25'))
      await tab('ALTER SOURCE ')
      terminal.type('\t')
      assert.match(await terminal.shows('user_events'), /transactions_stream +user_events/)
      await tab('us')
      await terminal.shows('er_events')
      terminal.type('\u0003')
      await terminal.shows(PROMPT)
      await tab('SELECT * FROM system.kafka_c')
      await terminal.shows('onsumer_offsets')
    })

    test('statements are remembered whole, by later shells too', async () => {
      const folder = join(home, 'history')
      using terminal = await opened(folder)
      await answer(terminal, '\\d orders')
      terminal.type('SELECT 1\r')
      await terminal.shows('  -> ')
      await answer(terminal, 'AS a;')
      terminal.type('\u0004')
      await terminal.exit()
      assert.equal(
        readFileSync(join(folder, 'miraclec/sql-history'), 'utf8'),
        '\\d orders\nSELECT 1 AS a;\n'
      )
      assert.equal(statSync(join(folder, 'miraclec/sql-history')).mode & 0o777, 0o600)
      using later = await opened(folder)
      later.type('\u001b[A')
      await later.shows('SELECT 1 AS a;')
      later.type('\u001b[A')
      await later.shows('\\d orders')
    })

    test('help, unknown commands, a pipeline that is gone', async () => {
      using terminal = await opened()
      assert.match(await answer(terminal, '\\?'), /Tab {11}complete/)
      assert.match(await answer(terminal, 'help'), /Tab {11}complete/)
      assert.match(await answer(terminal, '\\foo'), /there is no command \\foo/)
      assert.match(await answer(terminal, '\\d'), /table_name[^]*source_name[^]*sink_name/)
      const other = await startAskedPipeline(
        'sql-shell-gone',
        'CREATE TABLE t (id INT PRIMARY KEY);',
        makeMemoryTopics()
      )
      using shell = await opened(home, other)
      assert.match(await answer(shell, 'SHOW TABLES;'), /\| t {17}\|/)
      await other.stop()
      assert.match(await answer(shell, 'SHOW TABLES;'), /^no pipeline answers at /)
      assert.match(await answer(shell, 'SHOW TABLES;'), /^no pipeline answers at /)
      shell.type('exit\r')
      assert.equal(await shell.exit(), 0)
      using nobody = new Terminal([process.execPath, PROGRAM, new URL(other.url).port], {})
      assert.match(await nobody.shows('--port'), /^no pipeline answers at /)
      assert.equal(await nobody.exit(), 3)
    })
  }
)

function boxOf(name: string, value: string | number): string {
  const text = String(value)
  const width = Math.max(17, name.length, text.length)
  const rule = `+${'-'.repeat(width + 2)}+\n`
  const isNumber = /^-?[\d.]+$/.test(text)
  const cell = isNumber ? text.padStart(width) : text.padEnd(width)
  return `${rule}| ${name.padEnd(width)} |\n${rule}| ${cell} |\n${rule}`
}
