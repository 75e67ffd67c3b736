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
  /** Whether values may leave again. */
  readonly retracts: boolean
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
  /** The aggregate's value, null where it has none. */
  result(fields: readonly Code[]): Code
}

type Make = (args: readonly SqlType[], cx: AccumulatorContext) => Accumulator

/** The accumulator of an aggregate call: by its name, the types of its arguments, and whether its input retracts. */
export function accumulatorOf({ name, args }: AggregateCall, cx: AccumulatorContext): Accumulator {
  return makers[name]!(
    args.map(arg => arg.type),
    cx
  )
}

const makers: Readonly<Record<string, Make>> = {
  count: () => counter,
  sum: ([type], cx) => sumOf(type!, cx),
  avg: ([type], cx) => averageOf(type!, cx),
  min: ([type], cx) => extreme(type!, 'least', cx),
  max: ([type], cx) => extreme(type!, 'greatest', cx),
  bool_and: () => truths((_, no) => js`${no} === 0`),
  bool_or: () => truths(yes => js`${yes} > 0`),
  string_agg: (_, cx) => object('TextList', list => js`${list}.joined()`, cx),
  var_samp: (_, cx) => moments('variance', true, cx),
  var_pop: (_, cx) => moments('variance', false, cx),
  stddev_samp: (_, cx) => moments('deviation', true, cx),
  stddev_pop: (_, cx) => moments('deviation', false, cx)
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
  result: ([count]) => count!
}

type RuntimeClass = RuntimeName & ('DecimalSum' | 'DoubleSum' | 'Moments' | 'TextList' | 'ValueBag')

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
    result: ([code]) => result(code!)
  }
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
    result: ([sum, count]) => result(sum!, count!)
  }
}

/** Types that `<` compares as SQL does. */
const ordered: ReadonlySet<SqlType['kind']> = new Set([
  ...(['SmallInt', 'Int', 'BigInt', 'Date', 'Time', 'Timestamp', 'TimestampTz'] as const)
])

function extreme(type: SqlType, which: 'least' | 'greatest', cx: AccumulatorContext): Accumulator {
  if (cx.retracts) {
    const compare = emitComparer(type, cx)
    const result = (bag: Code): Code =>
      js`${bag}.${makeCode(which)}(${compare}) as ${cx.type(type, true)}`
    return object('ValueBag', result, cx)
  }
  const sign = makeCode(which === 'least' ? '<' : '>')
  const isBetter = (value: Code, best: Code): Code =>
    ordered.has(type.kind)
      ? js`${value} ${sign} ${best}`
      : js`${emitComparer(type, cx)}(${value}, ${best}) ${sign} 0`
  return {
    fields: [plainField(which, cx.type(type, true), js`null`)],
    add: ([best], [value]) => [
      js`if (${best!} === null || ${isBetter(value!, best!)}) ${best!} = ${value!}`
    ],
    remove: () => [],
    result: ([best]) => best!
  }
}

function truths(holds: (yes: Code, no: Code) => Code): Accumulator {
  return {
    fields: [plainField('yes', number, js`0`), plainField('no', number, js`0`)],
    add: ([yes, no], [value]) => [js`if (${value!}) ${yes!}++; else ${no!}++`],
    remove: ([yes, no], [value]) => [js`if (${value!}) ${yes!}--; else ${no!}--`],
    result: ([yes, no]) => js`${yes!} + ${no!} === 0 ? null : ${holds(yes!, no!)}`
  }
}

function moments(
  method: 'variance' | 'deviation',
  isSample: boolean,
  cx: AccumulatorContext
): Accumulator {
  const result = (field: Code): Code => js`${field}.${makeCode(method)}(${isSample})`
  return object('Moments', result, cx, value => js`Number(${value})`)
}
