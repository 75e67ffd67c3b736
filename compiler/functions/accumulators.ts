import { js, makeCode, type Code } from '../code/index.ts'
import type { AggregateCall } from '../ir/index.ts'
import type { SqlType } from '../types/index.ts'
import { emitComparer } from './comparer.ts'
import type { CallContext, RuntimeName } from './entry.ts'

/** What the emitter of an aggregate may ask for. */
export interface AccumulatorContext extends Pick<
  CallContext,
  'use' | 'constant' | 'type' | 'site'
> {
  /** Whether values may leave again: `oldest`: in the order in which they came. */
  readonly retracts: boolean | 'oldest'
}

/** A field of a group that an aggregate keeps. */
export interface StateField {
  readonly hint: string
  readonly type: Code
  readonly start: Code
  /** The field as the changelog keeps it, and back. */
  save(field: Code): Code
  load(saved: Code): Code
}

/** How an aggregate counts: over fields of its group, with arguments that are names or literals and not NULL. */
export interface Accumulator {
  readonly fields: readonly StateField[]
  /** Statements. */
  add(fields: readonly Code[], args: readonly Code[]): readonly Code[]
  remove(fields: readonly Code[], args: readonly Code[]): readonly Code[]
  /** Counts what fields of another group have, where rows never leave. */
  merge(fields: readonly Code[], others: readonly Code[]): readonly Code[]
  /** Whether it matters in which order rows come: where groups merge, the arguments end with when a row came. */
  readonly ordered?: boolean
  /** The aggregate's value, null where it has none. */
  result(fields: readonly Code[]): Code
}

type Make = (call: AggregateCall, cx: AccumulatorContext) => Accumulator

/** The accumulator of an aggregate call: by its name, the types of its arguments, and whether its input retracts. */
export function accumulatorOf(call: AggregateCall, cx: AccumulatorContext): Accumulator {
  return makers[call.name]!(call, cx)
}

const makers: Readonly<Record<string, Make>> = {
  count: () => counter,
  sum: (call, cx) => sumOf(firstType(call), cx),
  avg: (call, cx) => averageOf(firstType(call), cx),
  min: (call, cx) => extreme(firstType(call), 'least', cx),
  max: (call, cx) => extreme(firstType(call), 'greatest', cx),
  bool_and: () => truths((_, no) => js`${no} === 0`),
  bool_or: () => truths(yes => js`${yes} > 0`),
  string_agg: (call, cx) =>
    inOrder('RowList', list => js`${list}.joined(${orderOf(call, cx)})`, cx),
  array_agg: (call, cx) => inOrder('RowList', list => js`${list}.values(${orderOf(call, cx)})`, cx),
  first_value: (call, cx) => outer(call, 'first', cx),
  last_value: (call, cx) => outer(call, 'last', cx),
  mode: modeValue,
  percentile_cont: (call, cx) => percentile(call, 'percentileCont', cx),
  percentile_disc: (call, cx) => percentile(call, 'percentileDisc', cx),
  approx_count_distinct: (_, cx) => aboutDistinct(cx),
  approx_percentile: aboutPercentile,
  corr: correlation,
  var_samp: (call, cx) => moments(call, 'variance', true, cx),
  var_pop: (call, cx) => moments(call, 'variance', false, cx),
  stddev_samp: (call, cx) => moments(call, 'deviation', true, cx),
  stddev_pop: (call, cx) => moments(call, 'deviation', false, cx)
}

function firstType({ args }: AggregateCall): SqlType {
  return args[0]!.type
}

/** Compares rows whose values are those of the call, with those of its ORDER BY behind them; null: it has none. */
function orderOf({ args, orderBy }: AggregateCall, cx: AccumulatorContext): Code {
  if (orderBy.length === 0) return js`null`
  const keys = orderBy.map(({ expr, descending, nullsFirst }) => {
    const compare = emitComparer(expr.type, cx)
    return js`{ descending: ${descending}, nullsFirst: ${nullsFirst}, compare: ${compare} }`
  })
  return cx.constant('order', js`${cx.use('rowOrder')}(${args.length}, [${keys}])`)
}

/** A field that the changelog keeps as it is. */
function plainField(hint: string, type: Code, start: Code): StateField {
  return { hint, type, start, save: field => field, load: saved => js`${saved} as ${type}` }
}

const number = js`number`
const countField = plainField('count', number, js`0`)

const counter: Accumulator = {
  fields: [countField],
  add: ([count]) => [js`${count!}++`],
  remove: ([count]) => [js`${count!}--`],
  merge: ([count], [other]) => [js`${count!} += ${other!}`],
  result: ([count]) => count!
}

type RuntimeClass = RuntimeName &
  (
    | 'Correlation'
    | 'DecimalSum'
    | 'DistinctSketch'
    | 'DoubleSum'
    | 'Moments'
    | 'OuterRow'
    | 'QuantileSketch'
    | 'RowList'
    | 'SlidingExtreme'
    | 'ValueBag'
  )

/** One field, an object of the runtime that adds and removes by itself. */
function object(
  name: RuntimeClass,
  result: (field: Code) => Code,
  { use }: AccumulatorContext,
  convert: (value: Code) => Code = value => value
): Accumulator {
  const type = use(name)
  const field: StateField = {
    hint: name,
    type,
    start: js`new ${type}()`,
    save: code => js`${code}.save()`,
    load: saved => js`${type}.load(${saved})`
  }
  return {
    fields: [field],
    add: ([code], args) => [js`${code!}.add(${args.map(convert)})`],
    remove: ([code], args) => [js`${code!}.remove(${args.map(convert)})`],
    merge: ([code], [other]) => [js`${code!}.merge(${other!})`],
    result: ([code]) => result(code!)
  }
}

/** As `object`, for one that keeps rows in the order of their coming. */
function inOrder(
  name: RuntimeClass,
  result: (field: Code) => Code,
  cx: AccumulatorContext
): Accumulator {
  return { ...object(name, result, cx), ordered: true }
}

/** Integers are added exactly, so that nothing depends on their order; doubles too where some may leave again. */
function sumOf({ kind }: SqlType, cx: AccumulatorContext): Accumulator {
  if (kind === 'Decimal') return object('DecimalSum', sum => js`${sum}.sum(${cx.site()})`, cx)
  if (kind === 'SmallInt' || kind === 'Int' || kind === 'BigInt') {
    const isWide = kind === 'BigInt'
    return integers(
      (sum, count) =>
        js`${count} === 0 ? null : ${isWide ? js`${cx.use('decimalFromInteger')}(${sum})` : sum}`,
      cx
    )
  }
  return doubles(
    (sum, count) => js`${count} === 0 ? null : ${sum}`,
    sum => js`${sum}.sum()`,
    cx
  )
}

function averageOf({ kind }: SqlType, cx: AccumulatorContext): Accumulator {
  if (kind === 'Decimal') return object('DecimalSum', sum => js`${sum}.average(${cx.site()})`, cx)
  if (kind === 'SmallInt' || kind === 'Int' || kind === 'BigInt') {
    return integers((sum, count) => js`${count} === 0 ? null : Number(${sum}) / ${count}`, cx)
  }
  return doubles(
    (sum, count) => js`${count} === 0 ? null : ${sum} / ${count}`,
    sum => js`${sum}.average()`,
    cx
  )
}

function integers(
  result: (sum: Code, count: Code) => Code,
  { use }: AccumulatorContext
): Accumulator {
  const fields = [plainField('total', js`number | bigint`, js`0`), countField]
  return {
    fields,
    add: ([sum, count], [value]) => [
      js`${sum!} = ${use('addInteger')}(${sum!}, ${value!})`,
      js`${count!}++`
    ],
    remove: ([sum, count], [value]) => [
      js`${sum!} = ${use('subtractInteger')}(${sum!}, ${value!})`,
      js`${count!}--`
    ],
    merge: ([sum, count], [otherSum, otherCount]) => [
      js`${sum!} = ${use('addInteger')}(${sum!}, ${otherSum!})`,
      js`${count!} += ${otherCount!}`
    ],
    result: ([sum, count]) => result(sum!, count!)
  }
}

function doubles(
  result: (sum: Code, count: Code) => Code,
  exact: (sum: Code) => Code,
  cx: AccumulatorContext
): Accumulator {
  if (cx.retracts) return object('DoubleSum', exact, cx)
  return {
    fields: [plainField('total', number, js`0`), countField],
    add: ([sum, count], [value]) => [js`${sum!} += ${value!}`, js`${count!}++`],
    remove: () => [],
    merge: ([sum, count], [otherSum, otherCount]) => [
      js`${sum!} += ${otherSum!}`,
      js`${count!} += ${otherCount!}`
    ],
    result: ([sum, count]) => result(sum!, count!)
  }
}

/** Types that `<` compares as SQL does. */
const ordered: ReadonlySet<SqlType['kind']> = new Set([
  ...(['SmallInt', 'Int', 'BigInt', 'Date', 'Time', 'Timestamp', 'TimestampTz'] as const)
])

function extreme(type: SqlType, which: 'least' | 'greatest', cx: AccumulatorContext): Accumulator {
  if (cx.retracts === 'oldest') return slidingExtreme(type, which, cx)
  if (cx.retracts) {
    const compare = emitComparer(type, cx)
    return object('ValueBag', bag => js`${bag}.${makeCode(which)}(${compare})`, cx)
  }
  const sign = makeCode(which === 'least' ? '<' : '>')
  const isBetter = (value: Code, best: Code): Code =>
    ordered.has(type.kind)
      ? js`${value} ${sign} ${best}`
      : js`${emitComparer(type, cx)}(${value}, ${best}) ${sign} 0`
  const take = (value: Code, best: Code): Code =>
    js`if (${best} === null || ${isBetter(value, best)}) ${best} = ${value}`
  return {
    fields: [plainField(which, cx.type(type, true), js`null`)],
    add: ([best], [value]) => [take(value!, best!)],
    remove: () => [],
    merge: ([best], [other]) => [js`if (${other!} !== null) { ${take(other!, best!)} }`],
    result: ([best]) => best!
  }
}

function slidingExtreme(
  type: SqlType,
  which: 'least' | 'greatest',
  cx: AccumulatorContext
): Accumulator {
  const compare = emitComparer(type, cx)
  const sign = which === 'least' ? -1 : 1
  return {
    ...object('SlidingExtreme', extreme => js`${extreme}.best()`, cx),
    add: ([extreme], [value]) => [js`${extreme!}.add(${value!}, ${compare}, ${sign})`],
    remove: ([extreme], [value]) => [js`${extreme!}.remove(${value!}, ${compare})`]
  }
}

function truths(holds: (yes: Code, no: Code) => Code): Accumulator {
  return {
    fields: [plainField('yes', number, js`0`), plainField('no', number, js`0`)],
    add: ([yes, no], [value]) => [js`if (${value!}) ${yes!}++; else ${no!}++`],
    remove: ([yes, no], [value]) => [js`if (${value!}) ${yes!}--; else ${no!}--`],
    merge: ([yes, no], [otherYes, otherNo]) => [
      js`${yes!} += ${otherYes!}`,
      js`${no!} += ${otherNo!}`
    ],
    result: ([yes, no]) => js`${yes!} + ${no!} === 0 ? null : ${holds(yes!, no!)}`
  }
}

/** Values as doubles. */
function toDouble({ kind }: SqlType, { use }: AccumulatorContext): (value: Code) => Code {
  if (kind === 'Decimal') return value => js`${use('decimalToDouble')}(${value})`
  return kind === 'BigInt' ? value => js`Number(${value})` : value => value
}

/** Where values may leave again they are all kept: what is subtracted from rounded sums leaves its error behind. */
function moments(
  call: AggregateCall,
  method: 'variance' | 'deviation',
  isSample: boolean,
  cx: AccumulatorContext
): Accumulator {
  const convert = toDouble(firstType(call), cx)
  if (!cx.retracts) {
    const result = (field: Code): Code => js`${field}.${makeCode(method)}(${isSample})`
    return object('Moments', result, cx, convert)
  }
  const ofAll = cx.use(method === 'variance' ? 'varianceOf' : 'deviationOf')
  return object('ValueBag', bag => js`${ofAll}(${bag}.all(), ${isSample})`, cx, convert)
}

function correlation(call: AggregateCall, cx: AccumulatorContext): Accumulator {
  const converts = call.args.map(({ type }) => toDouble(type, cx))
  const own = cx.retracts
    ? object('RowList', list => js`${cx.use('correlationOf')}(${list}.all())`, cx)
    : object('Correlation', one => js`${one}.coefficient()`, cx)
  const convert = (args: readonly Code[]): Code[] => args.map((arg, i) => converts[i]!(arg))
  return {
    ...own,
    add: (fields, args) => own.add(fields, convert(args)),
    remove: (fields, args) => own.remove(fields, convert(args))
  }
}

/** FIRST_VALUE and LAST_VALUE: of rows that only come, the outermost is enough. */
function outer(call: AggregateCall, side: 'first' | 'last', cx: AccumulatorContext): Accumulator {
  const order = orderOf(call, cx)
  if (cx.retracts) return object('RowList', list => js`${list}.${makeCode(side)}(${order})`, cx)
  const own = inOrder('OuterRow', row => js`${row}.value()`, cx)
  const method = (verb: 'add' | 'merge'): Code =>
    makeCode(side === 'first' ? `${verb}First` : `${verb}Last`)
  return {
    ...own,
    add: ([row], args) => [js`${row!}.${method('add')}(${[order, ...args]})`],
    merge: ([row], [other]) => [js`${row!}.${method('merge')}(${order}, ${other!})`]
  }
}

/** Over values as doubles where the answer is one, else over the values themselves. Every value is kept: the answer is exact. */
function percentile(
  call: AggregateCall,
  name: 'percentileCont' | 'percentileDisc',
  cx: AccumulatorContext
): Accumulator {
  const { fraction, orderBy } = call
  const type = firstType(call)
  const isCont = name === 'percentileCont'
  const compare = isCont ? cx.use('compareDouble') : emitComparer(type, cx)
  const result = (bag: Code): Code =>
    js`${cx.use(name)}(${bag}.sorted(${compare}, ${orderBy[0]!.descending}), ${fraction})`
  return object('ValueBag', result, cx, isCont ? toDouble(type, cx) : undefined)
}

function modeValue(call: AggregateCall, cx: AccumulatorContext): Accumulator {
  const compare = emitComparer(firstType(call), cx)
  const { descending } = call.orderBy[0]!
  const result = (bag: Code): Code =>
    js`${cx.use('modeOf')}(${bag}.sorted(${compare}, ${descending}), ${compare})`
  return object('ValueBag', result, cx)
}

/** Values that may leave again are kept: then the count is exact. */
function aboutDistinct(cx: AccumulatorContext): Accumulator {
  if (cx.retracts) return object('ValueBag', bag => js`${bag}.distinct`, cx)
  return object('DistinctSketch', sketch => js`${sketch}.estimate()`, cx)
}

function aboutPercentile(call: AggregateCall, cx: AccumulatorContext): Accumulator {
  const { fraction, orderBy } = call
  const result = (sketch: Code): Code =>
    js`${sketch}.quantile(${fraction}, ${orderBy[0]!.descending})`
  return object('QuantileSketch', result, cx, toDouble(firstType(call), cx))
}
