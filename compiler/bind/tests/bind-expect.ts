import type { QualifiedName, TestStep } from '../../ast/index.ts'
import { ambiguousName, notSupportedYet } from '../../diagnostics/bind.ts'
import {
  testCountInvalid,
  testTargetNotFed,
  testTargetNotFound
} from '../../diagnostics/bind-tests.ts'
import type { BoundTestStep, BoundTestTarget } from '../../ir/index.ts'
import type { Span } from '../../source/index.ts'
import type { RowType } from '../../types/index.ts'
import { type SinkDeclaration, showName, type TableDeclaration } from '../catalog.ts'
import { report } from '../context.ts'
import { matchName } from '../names.ts'
import { tableSchema } from '../tables.ts'
import { bindColumns } from './bind-columns.ts'
import type { TestContext } from './bind-tests.ts'
import { bindValues } from './bind-values.ts'

type StepOf<K extends TestStep['kind']> = Extract<TestStep, { kind: K }>

/** `EXPECT k [(columns)] VALUES ...`: columns that are not listed are not compared. Null after a diagnostic. */
export function bindExpect(
  { target: name, columns: names, rows, span }: StepOf<'TestExpect'>,
  cx: TestContext
): BoundTestStep | null {
  const found = findTarget(name, cx)
  if (found === null) return null
  const schema = schemaOf(found, name.span, cx)
  if (schema === null) return null
  const listed =
    names.length === 0 ? [...schema.columns.keys()] : bindColumns(names, schema, cx.bind)
  if (listed === null) return null
  const columns = listed.map(index => schema.columns[index]!)
  const values = bindValues(rows, { columns }, cx.bind)
  return values === null ? null : { kind: 'Expect', target: targetOf(found), values, span }
}

/** `EXPECT k ROWS n`. */
export function bindExpectRows(
  { target: name, count: text, span }: StepOf<'TestExpectRows'>,
  cx: TestContext
): BoundTestStep | null {
  const found = findTarget(name, cx)
  const count = bindCount(text, span, cx)
  if (found === null || count === null) return null
  return { kind: 'ExpectRows', target: targetOf(found), count, span }
}

/** `EXPECT ERRORS n`, `EXPECT LATE n`. */
export function bindExpectCount(
  { what, count: text, span }: StepOf<'TestExpectCount'>,
  cx: TestContext
): BoundTestStep | null {
  if (what === 'LATE') {
    const hint = 'No row is late before sources have a WATERMARK.'
    report(cx.bind, notSupportedYet('EXPECT LATE', span, hint))
    return null
  }
  const count = bindCount(text, span, cx)
  return count === null ? null : { kind: 'ExpectErrors', count, span }
}

function bindCount(text: string, span: Span, { bind }: TestContext): number | null {
  const count = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(count)) return count
  report(bind, testCountInvalid(text, span))
  return null
}

type Target = SinkDeclaration | TableDeclaration

function findTarget(name: QualifiedName, { bind }: TestContext): Target | null {
  const { declarations } = bind.catalog
  const wanted = name.parts.at(-1)!
  const match = matchName(wanted, declarations, declaration => declaration.name)
  if (match.kind === 'Ambiguous') {
    const names = match.values.map(value => value.name)
    report(bind, ambiguousName(wanted.name, names, name.span))
    return null
  }
  const found = match.kind === 'Found' && name.parts.length === 1 ? match.value : null
  if (found?.kind === 'Sink' || found?.kind === 'Table') return found
  const targets = declarations.filter(({ kind }) => kind === 'Sink' || kind === 'Table')
  const kind = found?.kind.toLowerCase() ?? null
  const candidates = targets.map(target => target.name)
  report(bind, testTargetNotFound(showName(name), kind, name.span, candidates))
  return null
}

function targetOf({ kind, name }: Target): BoundTestTarget {
  return { kind, name }
}

function schemaOf(target: Target, span: Span, { bind, sinks }: TestContext): RowType | null {
  if (target.kind === 'Table') return tableSchema(target, bind)
  const schema = sinks.find(sink => sink.name === target.name)?.schema ?? null
  if (schema === null) report(bind, testTargetNotFed(target.name, span))
  return schema
}
