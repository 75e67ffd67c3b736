import type { Span } from '../source/index.ts'
import type { Diagnostic } from './diagnostic.ts'

export function tableFeedsItself(name: string, span: Span): Diagnostic {
  return {
    code: 'table-feeds-itself',
    severity: 'error',
    message: `table "${name}" is filled from itself`,
    hint: 'Each row would make another row for ever. Read from the source, or write to another table.',
    span
  }
}

/** `source` is the one that brings the records back. */
export function sinkFeedsItself(
  sink: string,
  source: string,
  span: Span,
  sourceSpan: Span
): Diagnostic {
  return {
    code: 'sink-feeds-itself',
    severity: 'warning',
    message: `what sink "${sink}" writes comes back to it through source "${source}"`,
    hint: 'Every record comes round again. Make sure that a WHERE ends the loop.',
    related: [{ message: `source "${source}" is declared here`, span: sourceSpan }],
    span
  }
}

export function viewReadTooOften(limit: number, span: Span): Diagnostic {
  return {
    code: 'view-read-too-often',
    severity: 'error',
    message: `the views of the script are expanded more than ${limit} times`,
    hint: 'A view that reads another one twice doubles its work: read it once.',
    span
  }
}

export function planTooLarge(limit: number, span: Span): Diagnostic {
  return {
    code: 'plan-too-large',
    severity: 'error',
    message: `the script makes more than ${limit} operators per source`,
    hint: 'A table that is united with itself doubles its work each time. Split the script.',
    span
  }
}

export function changelogNotSupported(what: string, span: Span): Diagnostic {
  return {
    code: 'changelog-not-supported',
    severity: 'error',
    message: `${what} reads a table whose rows change, which is not supported yet`,
    hint: 'Write the table to a sink, or read the source that fills it.',
    span
  }
}

/** `found` is the key of the rows that are inserted, `wanted` the table's; null: there is none. */
export function insertNeedsKey(
  table: string,
  found: readonly string[] | null,
  wanted: readonly string[] | null,
  span: Span
): Diagnostic {
  const has = found === null ? 'have no key' : `have the key (${found.join(', ')})`
  const own = wanted === null ? 'none' : `(${wanted.join(', ')})`
  return {
    code: 'insert-needs-key',
    severity: 'error',
    message: `rows that change are inserted into table "${table}": they ${has}, and its PRIMARY KEY is ${own}`,
    hint: 'A change finds its row by its key. Select the columns of the key, and make them the PRIMARY KEY.',
    span
  }
}

/** `what`: "the join". `sides`: how many of its sides only grow. `where`: "in memory". */
export function joinKeepsRows(what: string, sides: number, where: string, span: Span): Diagnostic {
  const rows = sides === 2 ? 'all rows of both sides' : 'all rows of one side'
  return {
    code: 'join-keeps-rows',
    severity: 'warning',
    message: `${what} keeps ${rows} for ever`,
    detail: `about 200 bytes and the values per row, ${where} and in the changelog`,
    hint: "Where both sides have a WATERMARK, say how far apart two rows may be: AND b.ts BETWEEN a.ts AND a.ts + INTERVAL '1' HOUR. Or forget rows after a while: SET state_ttl = '1 day'.",
    span
  }
}

export function predictNeedsRecords(span: Span): Diagnostic {
  return {
    code: 'predict-needs-records',
    severity: 'error',
    message: 'predict of the rows of a window, a join or a Top-N is not supported yet',
    hint: 'Ask the model before they are made, or write them to a sink and read its topic as a source.',
    span
  }
}
