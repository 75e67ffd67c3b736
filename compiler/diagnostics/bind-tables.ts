import type { Span } from '../source/index.ts'
import { didYouMean } from './bind.ts'
import type { Diagnostic } from './diagnostic.ts'

export function primaryKeyColumn(column: string, span: Span, candidates: readonly string[]) {
  return {
    code: 'primary-key-column',
    severity: 'error',
    span,
    message: `PRIMARY KEY names "${column}", which is no column`,
    ...didYouMean(column, candidates)
  } satisfies Diagnostic
}

export function primaryKeyTwice(span: Span, first: Span) {
  return {
    code: 'primary-key-twice',
    severity: 'error',
    span,
    message: 'PRIMARY KEY is given twice',
    hint: 'A key of several columns is written once: PRIMARY KEY (a, b).',
    related: [{ message: 'the first one is here', span: first }]
  } satisfies Diagnostic
}

export function primaryKeyNeedsFormat(source: string, span: Span) {
  return {
    code: 'primary-key-needs-format',
    severity: 'error',
    span,
    message: `source "${source}" has a PRIMARY KEY, but its records are events`,
    hint: "Add format = 'upsert' or format = 'debezium', or leave the PRIMARY KEY out."
  } satisfies Diagnostic
}

export function formatNeedsPrimaryKey(source: string, format: string, span: Span) {
  return {
    code: 'format-needs-primary-key',
    severity: 'error',
    span,
    message: `format '${format}' of source "${source}" needs a PRIMARY KEY`,
    hint: 'Name the columns that tell rows apart: PRIMARY KEY (id) in its SCHEMA.'
  } satisfies Diagnostic
}

export function sinkFormatColumns(sink: string, format: string, type: string, span: Span) {
  return {
    code: 'sink-format-columns',
    severity: 'error',
    span,
    message: `sink "${sink}" has format '${format}' and needs exactly one ${type} column beside its key`,
    hint: `The value of that column is the whole record; columns of the key are those of partition_key, or else the primary or group key.`
  } satisfies Diagnostic
}

export function sinkNeedsScale(sink: string, format: string, column: string, span: Span) {
  return {
    code: 'sink-needs-scale',
    severity: 'error',
    span,
    message: `column "${column}" of sink "${sink}" is a DECIMAL without a scale, which format '${format}' can't say`,
    detail:
      'each value of such a column has a scale of its own, but a schema has one for all of them',
    hint: 'Give it a scale: DECIMAL(38, 2) where it is declared, or CAST(... AS DECIMAL(38, 2)) in the query.'
  } satisfies Diagnostic
}

export function sinkFormatNeedsKey(sink: string, format: string, span: Span) {
  return {
    code: 'sink-format-needs-key',
    severity: 'error',
    span,
    message: `format '${format}' of sink "${sink}" needs rows that a key tells apart`,
    hint: 'The PRIMARY KEY of a table is one, and what GROUP BY has: keep its columns in the query. Of a FULL JOIN one side has to have a key that is NOT NULL.'
  } satisfies Diagnostic
}

export function keyFormatColumns(sink: string, format: string, columns: number, span: Span) {
  const found = columns === 0 ? 'no column' : `${columns} columns`
  return {
    code: 'key-format-columns',
    severity: 'error',
    span,
    message: `key_format '${format}' of sink "${sink}" needs ${format === 'text' ? 'one column' : 'columns'} as the key, and it is ${found}`,
    hint: "Say which with partition_key = 'a, b', or leave key_format out."
  } satisfies Diagnostic
}

/** `record`: the key of such a record. */
export function sinkKeyMayBeNull(sink: string, column: string, record: string, span: Span) {
  return {
    code: 'sink-key-may-be-null',
    severity: 'warning',
    span,
    message: `the key of sink "${sink}" is "${column}", which may be NULL, and plain text can't say that`,
    detail: `the record of such a row has the key ${record}, which whoever reads the topic by a PRIMARY KEY refuses`,
    hint: `Leave such rows out (WHERE ... IS NOT NULL), give them a value (COALESCE), or write key_format = 'json', where NULL is a key as any other: a source that reads it has UNIQUE NULLS NOT DISTINCT in place of PRIMARY KEY.`
  } satisfies Diagnostic
}

export function columnSetTwice(column: string, span: Span) {
  return {
    code: 'column-set-twice',
    severity: 'error',
    span,
    message: `UPDATE sets "${column}" twice`
  } satisfies Diagnostic
}

export function notATable(what: string, name: string, kind: string, span: Span) {
  return {
    code: 'not-a-table',
    severity: 'error',
    span,
    message: `${what} needs a table, and "${name}" is a ${kind}`
  } satisfies Diagnostic
}

/** What ALTER and DROP in a script name. */
export function declarationNotFound(
  kind: string,
  name: string,
  span: Span,
  candidates: readonly string[]
) {
  return {
    code: 'declaration-not-found',
    severity: 'error',
    span,
    message: `no ${kind} "${name}" is declared above`,
    ...didYouMean(name, candidates)
  } satisfies Diagnostic
}

/** SHOW, DESCRIBE and EXPLAIN: the statement's kind is its word. */
export function statementLeftOut(kind: 'Show' | 'Describe' | 'Explain', span: Span) {
  const hint =
    kind === 'Explain'
      ? 'Run "miraclec explain" for the plan of the script.'
      : 'Ask the pipeline while it runs: pipeline sql, or POST /api/v1/sql.'
  return {
    code: 'statement-left-out',
    severity: 'warning',
    span,
    message: `${kind.toUpperCase()} in a script does nothing`,
    hint
  } satisfies Diagnostic
}

export function tableNotFound(name: string, span: Span, candidates: readonly string[]) {
  return {
    code: 'table-not-found',
    severity: 'error',
    span,
    message: `no table is called "${name}"`,
    ...didYouMean(name, candidates)
  } satisfies Diagnostic
}

export function keyColumnFromRecord(column: string, span: Span) {
  return {
    code: 'key-column-from-record',
    severity: 'error',
    span,
    message: `PRIMARY KEY column "${column}" is no field of the record`,
    hint: 'A key is a field of the record by its own name, so that a delete, which has only the key, finds the row.'
  } satisfies Diagnostic
}

export function createAtRunTime(span: Span) {
  return {
    code: 'create-at-run-time',
    severity: 'error',
    span,
    message: 'a running pipeline has the dataflow that it was compiled with',
    hint: 'Change the script and compile it.'
  } satisfies Diagnostic
}

export function settingOfDataflow(name: string, span: Span) {
  return {
    code: 'setting-of-dataflow',
    severity: 'error',
    span,
    message: `"${name}" is part of the dataflow that the pipeline was compiled with`,
    hint: 'Change the script and compile it.'
  } satisfies Diagnostic
}

export function statementCount(span: Span) {
  return {
    code: 'statement-count',
    severity: 'error',
    span,
    message: 'one statement at a time is answered'
  } satisfies Diagnostic
}

export function readsBeforeRecords(verb: string, table: string, span: Span) {
  return {
    code: 'reads-before-records',
    severity: 'warning',
    span,
    message: `${verb} reads table "${table}" before the first record is in it`,
    detail:
      'statements of a script run once, when the pipeline starts, before it reads its sources',
    hint: `Ask the running pipeline: ./pipeline sql '${verb} ...'.`
  } satisfies Diagnostic
}
