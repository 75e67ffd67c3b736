import type { Span } from '../source/index.ts'
import { didYouMean } from './bind.ts'
import type { Diagnostic } from './diagnostic.ts'

/** `kind` is what has the name instead of a source; null: nothing has. */
export function testSourceNotFound(
  name: string,
  kind: string | null,
  span: Span,
  candidates: readonly string[]
) {
  return {
    code: 'test-source-not-found',
    severity: 'error',
    span,
    message:
      kind === null ? `no source is called "${name}"` : `"${name}" is a ${kind}, not a source`,
    ...(kind === null ? didYouMean(name, candidates) : { hint: 'INPUT gives records to a source.' })
  } satisfies Diagnostic
}

/** `kind` is what has the name instead of a sink or a table; null: nothing has. */
export function testTargetNotFound(
  name: string,
  kind: string | null,
  span: Span,
  candidates: readonly string[]
) {
  return {
    code: 'test-target-not-found',
    severity: 'error',
    span,
    message:
      kind === null
        ? `no sink or table is called "${name}"`
        : `"${name}" is a ${kind}, not a sink or a table`,
    ...(kind === null
      ? didYouMean(name, candidates)
      : { hint: 'EXPECT looks at what arrives in a sink or a table.' })
  } satisfies Diagnostic
}

export function testTargetNotFed(name: string, span: Span) {
  return {
    code: 'test-target-not-fed',
    severity: 'error',
    span,
    message: `nothing feeds sink "${name}", so it has no columns to compare`
  } satisfies Diagnostic
}

export function testColumnRepeated(name: string, span: Span) {
  return {
    code: 'test-column-repeated',
    severity: 'error',
    span,
    message: `column "${name}" is listed twice`
  } satisfies Diagnostic
}

export function testColumnNotInput(name: string, reason: string, span: Span, hint: string) {
  return {
    code: 'test-column-not-input',
    severity: 'error',
    span,
    message: `INPUT can't give column "${name}": ${reason}`,
    hint
  } satisfies Diagnostic
}

export function testColumnsOverlap(first: string, second: string, span: Span) {
  return {
    code: 'test-columns-overlap',
    severity: 'error',
    span,
    message: `columns "${first}" and "${second}" are read from one place of the record`,
    hint: 'List the columns that the test gives, and leave one of them out.'
  } satisfies Diagnostic
}

export function testValueCount(wanted: number, found: number, span: Span) {
  return {
    code: 'test-value-count',
    severity: 'error',
    span,
    message: `the row has ${count(found, 'value')} for ${count(wanted, 'column')}`
  } satisfies Diagnostic
}

export function testValueNotConstant(text: string, span: Span, hint: string | null) {
  return {
    code: 'test-value-not-constant',
    severity: 'error',
    span,
    message: `${text} is no constant`,
    ...(hint === null ? {} : { hint })
  } satisfies Diagnostic
}

export function testValueNull(what: string, span: Span) {
  return {
    code: 'test-value-null',
    severity: 'error',
    span,
    message: `${what} is never NULL`
  } satisfies Diagnostic
}

export function testTimeGoesBack(to: string, now: string, span: Span) {
  return {
    code: 'test-time-goes-back',
    severity: 'error',
    span,
    message: `the time can't go back to ${to}`,
    detail: `it is ${now} at this step`
  } satisfies Diagnostic
}

export function testCountInvalid(text: string, span: Span) {
  return {
    code: 'test-count-invalid',
    severity: 'error',
    span,
    message: `${text} is not a number of records`,
    hint: 'Write a whole number.'
  } satisfies Diagnostic
}

export function testExpectsNothing(name: string, span: Span) {
  return {
    code: 'test-expects-nothing',
    severity: 'warning',
    span,
    message: `the test '${name}' expects nothing, so it can't fail`,
    hint: 'Add EXPECT.'
  } satisfies Diagnostic
}

export function testFileStatement(script: string, span: Span) {
  return {
    code: 'test-file-statement',
    severity: 'error',
    span,
    message: 'a test file holds nothing but TEST statements',
    hint: `Move the statement to ${script}.`
  } satisfies Diagnostic
}

export function testScriptMissing(script: string, reason: string, span: Span) {
  return {
    code: 'test-script-missing',
    severity: 'error',
    span,
    message: `the script that these tests are for can't be read: ${reason}`,
    detail: script,
    hint: 'The tests of pipeline.sql stand in pipeline.test.sql beside it, or in the script itself.'
  } satisfies Diagnostic
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`
}

export function testTableNotKept(name: string, span: Span) {
  return {
    code: 'test-table-not-kept',
    severity: 'error',
    span,
    message: `table "${name}" is a stream of what is inserted: no rows of it are kept that a statement could change`,
    hint: 'Give it a PRIMARY KEY.'
  } satisfies Diagnostic
}

/** `key`: the columns of the PRIMARY KEY; null: the source is no table. */
export function testExpectDeletes(target: string, span: Span) {
  return {
    code: 'test-expect-deletes',
    severity: 'error',
    span,
    message: `"${target}" writes no records that are only the key of a row that is gone`,
    hint: "EXPECT ... DELETE is about sinks of format 'upsert'. In other sinks a deletion is the row as it was: write it in VALUES."
  } satisfies Diagnostic
}

export function testDeletesKeys(source: string, key: readonly string[] | null, span: Span) {
  return {
    code: 'test-deletes-keys',
    severity: 'error',
    span,
    message:
      key === null
        ? `source "${source}" brings events: nothing of it can be deleted`
        : `INPUT DELETE takes the PRIMARY KEY of source "${source}": ${key.join(', ')}`
  } satisfies Diagnostic
}
