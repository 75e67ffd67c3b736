import type { Span } from '../source/index.ts'
import { closest } from './closest.ts'
import type { Diagnostic } from './diagnostic.ts'

/** A hint of the nearest name, or of all of them where they are few. */
export function didYouMean(name: string, candidates: readonly string[]): { hint?: string } {
  const near = closest(name, candidates)
  if (near !== null) return { hint: `Did you mean "${near}"?` }
  if (candidates.length === 0 || candidates.length > 12) return {}
  return { hint: `There ${candidates.length === 1 ? 'is' : 'are'} ${quoteList(candidates)}.` }
}

function quoteList(names: readonly string[]): string {
  return names.map(name => `"${name}"`).join(', ')
}

/** What the language has and this version does not compile. */
export function notSupportedYet(what: string, span: Span, hint?: string) {
  return {
    code: 'not-supported-yet',
    severity: 'error',
    span,
    message: `${what} is not supported yet`,
    ...(hint === undefined ? {} : { hint })
  } satisfies Diagnostic
}

export function duplicateName(name: string, span: Span, first: Span) {
  return {
    code: 'duplicate-name',
    severity: 'error',
    span,
    message: `the name "${name}" is already taken`,
    hint: 'Sources, sinks, tables and views share their names; so do models among themselves.',
    related: [{ message: `"${name}" is declared here`, span: first }]
  } satisfies Diagnostic
}

export function relationNotFound(name: string, span: Span, candidates: readonly string[]) {
  return {
    code: 'relation-not-found',
    severity: 'error',
    span,
    message: `no source, table or view is called "${name}"`,
    ...didYouMean(name, candidates)
  } satisfies Diagnostic
}

export function sinkCannotBeRead(name: string, span: Span) {
  return {
    code: 'sink-cannot-be-read',
    severity: 'error',
    span,
    message: `sink "${name}" can't be read`,
    hint: 'Read the table or the query that feeds it.'
  } satisfies Diagnostic
}

export function targetCannotBeWritten(kind: 'source' | 'view', name: string, span: Span) {
  return {
    code: 'target-cannot-be-written',
    severity: 'error',
    span,
    message: `${kind} "${name}" can't be written to`,
    hint: 'INSERT INTO takes a table or a sink.'
  } satisfies Diagnostic
}

export function sinkHasInput(name: string, from: string, span: Span) {
  return {
    code: 'sink-has-input',
    severity: 'error',
    span,
    message: `sink "${name}" already publishes ${from}`,
    hint: 'A sink that is declared without FROM TABLE and AS takes INSERT INTO.'
  } satisfies Diagnostic
}

export function columnNotFound(name: string, span: Span, candidates: readonly string[]) {
  return {
    code: 'column-not-found',
    severity: 'error',
    span,
    message: `no column is called "${name}"`,
    ...didYouMean(name, candidates)
  } satisfies Diagnostic
}

export function ambiguousName(name: string, candidates: readonly string[], span: Span) {
  return {
    code: 'ambiguous-name',
    severity: 'error',
    span,
    message: `the name "${name}" could mean ${candidates.map(c => `"${c}"`).join(' or ')}`,
    hint: 'Write it in double quotes, exactly as it is declared.'
  } satisfies Diagnostic
}

export function duplicateColumn(name: string, span: Span) {
  return {
    code: 'duplicate-column',
    severity: 'error',
    span,
    message: `two columns are called "${name}"`,
    hint: 'Give one of them another name with AS.'
  } satisfies Diagnostic
}

export function columnsDisagree(
  table: string,
  here: string,
  there: string,
  span: Span,
  first: Span
) {
  return {
    code: 'columns-disagree',
    severity: 'error',
    span,
    message: `two INSERTs give table "${table}" different columns`,
    detail: `here ${here}, before ${there}`,
    hint: 'Cast or rename the columns so that both agree, or declare the table with CREATE TABLE.',
    related: [{ message: 'the first INSERT is here', span: first }]
  } satisfies Diagnostic
}

export function columnCount(target: string, wanted: number, found: number, span: Span) {
  return {
    code: 'column-count',
    severity: 'error',
    span,
    message: `${target} takes ${wanted} column${wanted === 1 ? '' : 's'}, but the query gives ${found}`
  } satisfies Diagnostic
}

export function mayBeNull(column: string, target: string, span: Span) {
  return {
    code: 'null-for-not-null',
    severity: 'error',
    span,
    message: `column "${column}" of "${target}" is NOT NULL, but the query may give NULL`,
    hint: 'Use coalesce, or filter with IS NOT NULL in a CASE.'
  } satisfies Diagnostic
}

export function readsItself(name: string, span: Span) {
  return {
    code: 'reads-itself',
    severity: 'error',
    span,
    message: `"${name}" is computed from itself`,
    hint: 'Break the circle with a topic: publish to a sink and read it with a source.'
  } satisfies Diagnostic
}

export function tableNotFilled(name: string, span: Span) {
  return {
    code: 'table-not-filled',
    severity: 'warning',
    span,
    message: `nothing fills table "${name}"`,
    hint: `Add INSERT INTO ${name} SELECT ..., or remove the table.`
  } satisfies Diagnostic
}

export function tableNotRead(name: string, span: Span) {
  return {
    code: 'table-not-read',
    severity: 'warning',
    span,
    message: `nothing reads table "${name}"`,
    hint: `Add CREATE SINK ... FROM TABLE ${name}, or remove what fills it.`
  } satisfies Diagnostic
}

export function sinkNotFed(
  name: string,
  missingTable: string | null,
  span: Span,
  tables: readonly string[]
) {
  return {
    code: 'sink-not-fed',
    severity: 'warning',
    span,
    message:
      missingTable === null
        ? `nothing feeds sink "${name}"`
        : `nothing feeds sink "${name}": there is no table "${missingTable}"`,
    ...(missingTable === null
      ? { hint: `Add INSERT INTO ${name} SELECT ...` }
      : didYouMean(missingTable, tables))
  } satisfies Diagnostic
}

export function sourceNotRead(name: string, span: Span) {
  return {
    code: 'source-not-read',
    severity: 'warning',
    span,
    message: `nothing reads source "${name}"`
  } satisfies Diagnostic
}

export function modelNotUsed(name: string, span: Span) {
  return {
    code: 'model-not-used',
    severity: 'warning',
    span,
    message: `nothing uses model "${name}"`
  } satisfies Diagnostic
}
