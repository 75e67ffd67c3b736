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

export function duplicateName(
  kind: 'source' | 'sink' | 'table' | 'view' | 'model',
  name: string,
  span: Span,
  first: Span
) {
  return {
    code: 'duplicate-name',
    severity: 'error',
    span,
    message: `there is already a ${kind} called "${name}"`,
    ...(kind === 'model' ? {} : { hint: 'Sources, sinks, tables and views share their names.' }),
    related: [{ message: `the ${kind} is declared here`, span: first }]
  } satisfies Diagnostic
}

const KEPT_TABLES =
  'A running pipeline can be asked for the tables that it keeps, those with a PRIMARY KEY: SELECT * FROM system.tables lists them.'

/** `isAsked`: in a statement to a running pipeline, which knows only what it keeps. */
export function relationNotFound(
  name: string,
  span: Span,
  candidates: readonly string[],
  isAsked: boolean
) {
  const last = name.slice(name.lastIndexOf('.') + 1)
  const isFar = closest(name, candidates) === null
  const hint = isAsked && isFar ? { hint: KEPT_TABLES } : didYouMean(name, candidates)
  return {
    code: 'relation-not-found',
    severity: 'error',
    span,
    message: `no source, table or view is called "${name}"`,
    ...(last !== name && candidates.includes(last)
      ? { hint: `Write "${last}": names have no schema or database before them.` }
      : hint)
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

/** `hint` says more than the nearest name. */
export function columnNotFound(
  name: string,
  span: Span,
  candidates: readonly string[],
  hint: string | null = null
) {
  return {
    code: 'column-not-found',
    severity: 'error',
    span,
    message: `no column is called "${name}"`,
    ...(hint === null ? didYouMean(name, candidates) : { hint })
  } satisfies Diagnostic
}

export function ambiguousName(name: string, candidates: readonly string[], span: Span) {
  return {
    code: 'ambiguous-name',
    severity: 'error',
    span,
    message: `the name "${name}" could mean ${candidates.map(c => `"${c}"`).join(' or ')}`,
    hint: candidates.every(candidate => candidate.includes('.'))
      ? `Write ${candidates.join(' or ')}.`
      : 'Write it in double quotes, exactly as it is declared.'
  } satisfies Diagnostic
}

export function duplicateColumn(name: string, span: Span, place: 'declaration' | 'query') {
  return {
    code: 'duplicate-column',
    severity: 'error',
    span,
    message: `two columns are called "${name}"`,
    hint:
      place === 'query'
        ? 'Give one of them another name with AS.'
        : 'Rename one of them, or leave it out.'
  } satisfies Diagnostic
}

/** `first` is the query that gave the target its columns. */
export function columnsDisagree(
  target: { readonly kind: 'table' | 'sink'; readonly name: string },
  here: string,
  there: string,
  span: Span,
  first: Span
) {
  const declare = target.kind === 'sink' ? '' : ', or declare the table with CREATE TABLE'
  return {
    code: 'columns-disagree',
    severity: 'error',
    span,
    message: `two queries give ${target.kind} "${target.name}" different columns`,
    detail: `here ${here}, before ${there}`,
    hint: `Cast or rename the columns so that both agree${declare}.`,
    related: [{ message: 'the columns before', span: first }]
  } satisfies Diagnostic
}

/** `giver` and its verb: the query gives, the alias names. */
export function columnCount(
  target: string,
  wanted: number,
  giver: string,
  found: number,
  span: Span
) {
  return {
    code: 'column-count',
    severity: 'error',
    span,
    message: `${target} has ${wanted} column${wanted === 1 ? '' : 's'}, but ${giver} ${found}`
  } satisfies Diagnostic
}

export function nullForNotNull(
  column: string,
  target: string,
  cause: 'the query may give NULL' | 'the INSERT leaves it out',
  span: Span
) {
  return {
    code: 'null-for-not-null',
    severity: 'error',
    span,
    message: `column "${column}" of "${target}" is NOT NULL, but ${cause}`,
    ...(cause === 'the INSERT leaves it out'
      ? {}
      : {
          hint: 'Say what stands for NULL with coalesce, or declare the column of the source NOT NULL.'
        })
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

/** `sink` is one that nothing feeds and whose name is near. */
export function tableNotRead(name: string, span: Span, sink: string | null) {
  return {
    code: 'table-not-read',
    severity: 'warning',
    span,
    message: `nothing reads table "${name}"`,
    hint:
      sink === null
        ? `Add CREATE SINK ... FROM TABLE ${name}, or remove what fills it.`
        : `Did you mean sink "${sink}"?`
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

/** `meant`: a table whose name is near. */
export function sinkTableNotFound(table: string, meant: string, span: Span) {
  return {
    code: 'sink-table-not-found',
    severity: 'error',
    span,
    message: `there is no table "${table}"`,
    hint: `Did you mean "${meant}"?`
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
