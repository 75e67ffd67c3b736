import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Asked } from '../../../runtime/access/asked.ts'
import { severalProcesses } from '../../../runtime/access/denials.ts'
import { refuse } from '../../../runtime/pipeline/refuse.ts'
import { askParts } from '../../../runtime/topology/ask-parts.ts'

/** Has one table, and answers with its name to a statement that ends with it; changes are denied. */
function part(table: string): Asked {
  const lacking = refuse('relation-not-found', 'there is no such table', 'Name another one.')
  return {
    execute: async (statement, denial) => {
      if (!statement.endsWith(table)) return lacking
      if (statement.startsWith('DELETE')) return denial!
      return { kind: 'done', message: table }
    },
    describe: statement =>
      statement.endsWith(table) ? { kind: 'rows', columns: null, open: [] } : lacking,
    relations: () =>
      [table, 'both'].map(name => ({ schema: 'public', name, columns: [], key: null })),
    render: async () => new Uint8Array()
  }
}

const codeOf = (answer: { readonly kind: string }): string =>
  'code' in answer ? String(answer.code) : answer.kind

test('who has a table answers for it, and a process without it says who does', async () => {
  let here: Asked | null = null
  const asked = askParts(part('copied'), { tables: ['kept'], here: () => here })
  const execute = (statement: string) => asked.execute(statement, null)
  assert.deepEqual(await execute('SELECT copied'), { kind: 'done', message: 'copied' })
  assert.equal(codeOf(await execute('SELECT kept')), 'table-elsewhere')
  assert.equal(codeOf(asked.describe('SELECT kept', [])), 'table-elsewhere')
  const names = () => asked.relations().map(({ name }) => name)
  assert.deepEqual(names(), ['copied', 'both'])
  here = part('kept')
  assert.deepEqual(await execute('SELECT kept'), { kind: 'done', message: 'kept' })
  assert.equal(codeOf(asked.describe('SELECT kept', [])), 'rows')
  assert.equal(codeOf(await execute('SELECT none')), 'relation-not-found')
  assert.equal(await execute('DELETE FROM kept'), severalProcesses)
  assert.deepEqual(names(), ['copied', 'both', 'kept'])
})

test('without tables of its own a script in parts is asked as it was', async () => {
  const asked = askParts({ ...part('copied'), stop: () => {} } as Asked, null)
  // What else a pipeline does is no part of it.
  assert.deepEqual(Object.keys(asked).sort(), ['describe', 'execute', 'relations', 'render'])
  assert.equal(codeOf(await asked.execute('SELECT kept', null)), 'relation-not-found')
  assert.equal(await asked.execute('DELETE FROM copied', null), severalProcesses)
})
