import type { AskedTables, TableRow } from '../contract/index.ts'
import { openJoin, openNested } from './join.ts'
import { openProbe } from './probe.ts'
import type { QueryInput } from './query.ts'
import { openQuery } from './run-query.ts'
import { openSet } from './set-operation.ts'

/** The rows of an input, for the row around the query that reads it. */
export type OpenInput = (around: TableRow) => Iterable<TableRow>

export function openInput(input: QueryInput, asked: AskedTables): OpenInput {
  switch (input.kind) {
    case 'table':
      return () => rowsOf(asked.table(input.name).entries())
    case 'keyed':
      return () => keyedRowsOf(asked.table(input.name).entries())
    case 'system':
      return () => asked.system(input.name)
    case 'query':
      return openQuery(input.query, asked)
    case 'nothing':
      return () => [[]]
    case 'values':
      return () => input.rows.map(row => row([]))
    case 'set':
      return openSet(input, asked)
    case 'join':
      return openJoin(input, asked)
    case 'unnest':
      return openUnnest(input, asked)
    case 'filter': {
      const rows = openInput(input.input, asked)
      return around => filter(rows(around), input.test)
    }
    case 'probe': {
      const rows = openInput(input.input, asked)
      const ask = openProbe(input.probe, asked)
      return around => withAnswers(rows(around), ask)
    }
    case 'nested':
      return openNested(input, asked)
  }
}

function* rowsOf(entries: Iterable<readonly [unknown, TableRow]>): Iterable<TableRow> {
  for (const [, row] of entries) yield row
}

function* keyedRowsOf(entries: Iterable<readonly [unknown, TableRow]>): Iterable<TableRow> {
  for (const [key, row] of entries) yield [...row, key]
}

function* filter(rows: Iterable<TableRow>, test: (row: TableRow) => boolean): Iterable<TableRow> {
  for (const row of rows) if (test(row)) yield row
}

function* withAnswers(
  rows: Iterable<TableRow>,
  ask: (row: TableRow) => unknown
): Iterable<TableRow> {
  for (const row of rows) yield [...row, ask(row)]
}

function openUnnest(
  { input, items, join, ordinality }: Extract<QueryInput, { kind: 'unnest' }>,
  asked: AskedTables
): OpenInput {
  const rows = openInput(input, asked)
  return function* (around) {
    for (const row of rows(around)) {
      const all = items(row) ?? []
      for (const [i, item] of all.entries()) yield [...row, item, ...(ordinality ? [i + 1] : [])]
      if (all.length === 0 && join === 'LEFT') yield [...row, null, ...(ordinality ? [null] : [])]
    }
  }
}
