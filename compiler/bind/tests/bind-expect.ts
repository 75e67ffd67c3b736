import type { QualifiedName, TestStep } from '../../ast/index.ts'
import {
  testCountInvalid,
  testExpectDeletes,
  testTargetNotFed,
  testTargetNotFound
} from '../../diagnostics/bind-tests.ts'
import {
  type BoundSink,
  type BoundTestStep,
  type BoundTestTarget,
  plainColumn
} from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import type { RowType } from '../../types/index.ts'
import { type Declaration, showName } from '../catalog.ts'
import { report } from '../context.ts'
import { bindSource } from '../kafka/bind-source.ts'
import { tableSchema } from '../tables.ts'
import { bindColumns } from './bind-columns.ts'
import { findNamed } from './find-named.ts'
import type { TestContext } from './test-context.ts'
import { bindValues } from './bind-values.ts'

type StepOf<K extends TestStep['kind']> = Extract<TestStep, { kind: K }>

/** `EXPECT k [(columns)] VALUES ...` or `EXPECT k DELETE (columns) VALUES ...`: columns that are not listed are not compared. Null after a diagnostic. */
export function bindExpect(
  { target: name, deletes, columns: names, rows, span }: StepOf<'TestExpect'>,
  cx: TestContext
): BoundTestStep | null {
  const found = findTarget(name, cx)
  if (found === null) return null
  const schema = schemaOf(found, name.span, cx)
  if (schema === null) return null
  const listed =
    names.length === 0 ? writtenColumns(found, schema) : bindColumns(names, schema, cx.bind)
  if (listed === null) return null
  if (deletes && found.sink?.format !== 'upsert') {
    report(cx.bind, testExpectDeletes(found.name, span))
    return null
  }
  const columns = listed.map(index => schema.columns[index]!)
  const values = bindValues(rows, { columns }, cx.bind)
  return values === null
    ? null
    : { kind: 'Expect', target: { kind: found.kind, name: found.name }, deletes, values, span }
}

/** `EXPECT k ROWS n`. */
export function bindExpectRows(
  { target: name, count: text, span }: StepOf<'TestExpectRows'>,
  cx: TestContext
): BoundTestStep | null {
  const found = findTarget(name, cx)
  const count = bindCount(text, span, cx)
  if (found === null || count === null) return null
  return { kind: 'ExpectRows', target: { kind: found.kind, name: found.name }, count, span }
}

/** `EXPECT ERRORS n`, `EXPECT LATE n`. */
export function bindExpectCount(
  { what, count: text, span }: StepOf<'TestExpectCount'>,
  cx: TestContext
): BoundTestStep | null {
  const count = bindCount(text, span, cx)
  return count === null ? null : { kind: 'ExpectCount', what, count, span }
}

function bindCount(text: string, span: Span, { bind }: TestContext): number | null {
  const count = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(count)) return count
  report(bind, testCountInvalid(text, span))
  return null
}

/** Of records that are one column's value the key's columns are not seen. */
function writtenColumns({ sink }: Target, schema: RowType): readonly number[] {
  const plain = sink === null ? null : plainColumn(sink, schema)
  return plain === null ? [...schema.columns.keys()] : [plain]
}

interface Target extends BoundTestTarget {
  /** Null: a table. */
  readonly sink: BoundSink | null
  /** Null after a diagnostic, or where nothing feeds a sink. */
  readonly schema: RowType | null
}

function findTarget(name: QualifiedName, cx: TestContext): Target | null {
  const { bind } = cx
  const { declarations } = bind.catalog
  const found = findNamed(name, bind)
  if (found === undefined) return null
  const target = found === null ? printedBy(name, cx) : targetOf(found, cx)
  if (target !== null) return target
  const targets = declarations.filter(declaration => targetOf(declaration, cx) !== null)
  const kind = found?.kind.toLowerCase() ?? null
  const candidates = targets.map(declaration => declaration.name)
  report(bind, testTargetNotFound(showName(name), kind, name.span, candidates))
  return null
}

/** What a SELECT on its own prints: `stdout`, `stdout_2` ... */
function printedBy({ parts }: QualifiedName, { sinks }: TestContext): Target | null {
  const wanted = parts.length === 1 ? parts[0]!.name.toLowerCase() : null
  const sink = sinks.find(({ connector, name }) => connector === 'stdout' && name === wanted)
  return sink === undefined ? null : { kind: 'Sink', name: sink.name, schema: sink.schema, sink }
}

/** What a declaration is for EXPECT; null: nothing that it could look at. */
function targetOf(declaration: Declaration, { bind, sinks }: TestContext): Target | null {
  const { kind, name } = declaration
  switch (kind) {
    case 'Sink': {
      const sink = sinks.find(one => one.name === name) ?? null
      return { kind, name, schema: sink?.schema ?? null, sink }
    }
    case 'Table':
      return { kind, name, schema: tableSchema(declaration, bind), sink: null }
    case 'Source': {
      // A topic that is a table.
      const source = bindSource(declaration, bind)
      return source === null || source.feeds === null
        ? null
        : { kind: 'Table', name, schema: source.schema, sink: null }
    }
    case 'View':
      return null
  }
}

function schemaOf({ kind, name, schema }: Target, span: Span, { bind }: TestContext) {
  if (schema === null && kind === 'Sink') report(bind, testTargetNotFed(name, span))
  return schema
}
