import { js, type Code } from '../code/index.ts'
import { findAggregate } from '../functions/index.ts'
import type { AggregateCall, Expr, GroupWindow, StepOf } from '../ir/index.ts'
import { emitExpr } from './emit-expr.ts'
import { emitPackedCount, emitPackedRemoval } from './emit-packed.ts'
import { emitTest } from './emit-test.ts'
import { bindSimple, emitLazily, type FunctionContext, letBinding } from './function-context.ts'
import type { AggregateNames, GroupNames } from './group-names.ts'
import { plainKeys } from './table-key.ts'
import { notNullTest, nullTest, type Value, withNull } from './value.ts'

/** The watermark at which a window is complete. */
export function closing(
  value: Code,
  { lag, unit }: Pick<GroupWindow, 'lag' | 'unit'>,
  { module }: Pick<FunctionContext, 'module'>
): Code {
  const ms = unit === 'ms' ? value : js`${module.use('epochToMs')}(${value})`
  return js`${ms} + ${lag}`
}

/**
 * Whether a row comes when nobody waits for its time any more: `closed` is the watermark up to which that is so; null: not known
 * here. The answer is null where no row can.
 */
export function emitLateTest<Closed extends Code | null>(
  value: Value,
  time: Pick<GroupWindow, 'clock' | 'lag' | 'unit'>,
  closed: Closed,
  cx: FunctionContext
): Code | (Closed & null) {
  const { watermark } = cx
  const marks = [...(watermark !== undefined && time.clock === 'event' ? [watermark] : []), closed]
  const known = marks.filter(mark => mark !== null)
  if (known.length === 0) return null as Closed & null
  const end = cx.scope.name('complete')
  // Without a time it is never late; one that is needed has been asked for before.
  const isNull = closed === null ? nullTest(value) : null
  const ms = closing(value.code, time, cx)
  cx.out.line(js`const ${end} = ${isNull === null ? ms : js`${isNull} ? Infinity : ${ms}`}`)
  return known.map(mark => js`${end} <= ${mark}`).reduce((one, other) => js`${one} || ${other}`)
}

/** The keys, each with a name and NULL as null. */
export function emitKeys(keys: readonly Expr[], cx: FunctionContext): readonly Value[] {
  return keys.map(key => {
    const value = bindSimple(emitExpr(key, cx), cx, 'key')
    if (value.nulls !== 'nan') return value
    const code = withNull(value)
    return bindSimple({ code, nulls: 'null', simple: false }, cx, 'key')
  })
}

/** Adds the row to its group or takes it away. Everything that can fail is computed before the group changes. */
export function emitCount(
  step: Pick<StepOf<'Aggregate'>, 'keys' | 'aggregates' | 'combined' | 'window'>,
  names: GroupNames,
  keys: readonly Value[],
  direction: 'add' | 'remove',
  cx: FunctionContext
): void {
  const { keys: exprs, window } = step
  const { out, scope } = cx
  const count = emitCounting(step, names, cx)
  const others = [...keys.keys()].filter(index => index !== window?.key)
  const key = emitGroupKey(
    others.map(i => keys[i]!),
    others.map(i => exprs[i]!),
    cx
  )
  const found = js`${names.state}.find(${window === null ? js`null` : keys[window.key]!.code}, ${key})`
  if (names.packed !== null) {
    if (direction === 'remove') return emitPackedRemoval(names, names.packed, { found, count }, cx)
    const added = js`${names.state}.add(${[key, ...keys.map(({ code }) => code)]})`
    return emitPackedCount(names, names.packed, { found, added, count }, cx)
  }
  const group = scope.name('group')
  const change = (): void => {
    out.line(js`${names.state}.touch(${group})`)
    if (names.stage.retracts) out.line(js`${group}.rows${direction === 'add' ? js`++` : js`--`}`)
    count(intoObject(names.aggregates, group, direction, cx))
  }
  if (direction === 'remove') {
    out.line(js`const ${group} = ${found}`)
    out.if(js`${group} !== undefined`, change)
    return
  }
  out.line(js`let ${group} = ${found}`)
  const made = js`new ${names.group}(${keys.map(({ code }) => code)})`
  out.line(js`if (${group} === undefined) ${group} = ${names.state}.add(${key}, ${made})`)
  change()
}

/** How the aggregates of a row come into its group. */
export interface CountInto {
  /** `nth`: which of them. */
  count(nth: number, counted: Counted): void
  merge(nth: number, others: readonly Code[]): void
}

/** A group that is an object. */
export function intoObject(
  aggregates: readonly AggregateNames[],
  group: Code,
  direction: 'add' | 'remove',
  cx: FunctionContext
): CountInto {
  return {
    count: (nth, counted) => emitOne(aggregates[nth]!, counted, group, direction, cx),
    merge(nth, others) {
      const { accumulator, fields } = aggregates[nth]!
      const own = fields.map(field => js`${group}.${field}`)
      for (const line of accumulator.merge(own, others)) cx.out.line(line)
    }
  }
}

/** What can fail of counting the row, and then what changes a group. A row that is combined of others has what they come to. */
export function emitCounting(
  { aggregates, combined }: Pick<StepOf<'Aggregate'>, 'aggregates' | 'combined'>,
  names: Pick<GroupNames, 'aggregates'>,
  cx: FunctionContext
): (into: CountInto) => void {
  const { out, scope, module } = cx
  if (combined === null) {
    const counted = aggregates.map(call => emitArguments(call, cx))
    return into => counted.forEach((one, nth) => into.count(nth, one))
  }
  if (names.aggregates.length === 0) return () => {}
  const partial = scope.name('partial')
  out.line(js`const ${partial} = ${module.use('savedFromText')}(${emitExpr(combined, cx).code})`)
  let place = 0
  const read = names.aggregates.map(({ accumulator }) =>
    accumulator.fields.map(({ hint, load }) => {
      const field = scope.name(hint)
      out.line(js`const ${field} = ${load(js`${partial}[${place++}]`)}`)
      return field
    })
  )
  return into => read.forEach((others, nth) => into.merge(nth, others))
}

/** What tells groups of one window apart. */
export function emitGroupKey(
  keys: readonly Value[],
  exprs: readonly Pick<Expr, 'type'>[],
  { module }: Pick<FunctionContext, 'module'>
): Code {
  if (keys.length === 0) return js`0`
  if (keys.length === 1 && plainKeys.has(exprs[0]!.type.kind)) return keys[0]!.code
  return js`${module.use('groupKey')}(${keys.map(({ code }) => code)})`
}

export interface Counted {
  /** Holds where the row counts; null: it always does. */
  readonly test: Code | null
  /** The arguments, and behind them what ORDER BY has. */
  readonly args: readonly Code[]
}

/** Arguments are computed only for rows that FILTER keeps. */
export function emitArguments(call: AggregateCall, cx: FunctionContext): Counted {
  const { args, filter } = call
  const { takesNull, order } = findAggregate(call.name)!
  // What stands in WITHIN GROUP is the argument itself.
  const sorts = order === 'within' ? [] : call.orderBy.map(({ expr }) => expr)
  const exprs = [...args, ...sorts]
  if (filter === null) {
    const values = exprs.map(arg => bindSimple(emitExpr(arg, cx), cx, 'value'))
    const tests = takesNull ? [] : values.slice(0, args.length).map(notNullTest)
    // Behind its test a value is not NULL, in whatever form NULL shows.
    const codes = values.map((value, i) => (i < tests.length ? value.code : withNull(value)))
    return { test: all(tests), args: codes }
  }
  const kept = bindSimple({ code: emitTest(filter, cx), nulls: 'never', simple: false }, cx, 'kept')
  if (exprs.length === 0) return { test: kept.code, args: [] }
  const lazy = exprs.map(arg => {
    const name = letBinding('value', arg.type, true, js`null`, cx)
    emitLazily(kept.code, arg, name, cx)
    return name
  })
  const notNull = lazy.slice(0, args.length).map(name => js`${name} !== null`)
  return { test: takesNull ? kept.code : all(notNull), args: lazy }
}

function all(tests: readonly (Code | null)[]): Code | null {
  const given = tests.filter(test => test !== null)
  return given.length === 0 ? null : given.reduce((left, right) => js`${left} && ${right}`)
}

/** What one aggregate makes of the row. */
export function emitOne(
  { accumulator, fields, distinct }: AggregateNames,
  { test, args }: Counted,
  group: Code,
  direction: 'add' | 'remove',
  cx: FunctionContext
): void {
  const own = fields.map(field => js`${group}.${field}`)
  const isFirst =
    distinct === null
      ? null
      : js`${group}.${distinct}.${direction === 'add' ? js`add` : js`remove`}(${args[0]!})`
  emitIf(all([test, isFirst]), accumulator[direction](own, args), cx)
}

/** Statements that run where something holds; null: they always do. */
export function emitIf(guard: Code | null, lines: readonly Code[], { out }: FunctionContext): void {
  const write = (): void => lines.forEach(line => out.line(line))
  if (guard === null) write()
  else if (lines.length === 1) out.line(js`if (${guard}) ${braced(lines[0]!)}`)
  else out.if(guard, write)
}

/** A statement that begins with `if` needs braces behind another one. */
function braced(line: Code): Code {
  return line.text.startsWith('if') ? js`{ ${line} }` : line
}
