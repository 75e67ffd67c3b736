import { js, makeCode, type Code } from '../code/index.ts'
import type { AggregateCall, BoundSettings, GroupStage } from '../ir/index.ts'
import { SUM_WIDTH } from '../../runtime/sql/double-sum.ts'
import { BIGINT, type SqlType } from '../types/index.ts'

/** A field that is a number in an array. */
export interface PackedField {
  /** See runtime/contract/packed.ts. */
  readonly kind: 'number' | 'integer' | 'value' | 'sum'
  /** How many numbers it takes. */
  readonly width: number
  /** Of what may be more than a number; a value may be NULL, too. */
  readonly type: SqlType | null
}

/** Where such a field is. */
export interface PackedPlace {
  /** The state. */
  readonly state: Code
  /** Its place in the array. */
  readonly at: Code
  /** The number: it may be assigned to. */
  readonly number: Code
}

/** How an aggregate counts over fields that are numbers, in the order of its accumulator's. */
export interface PackedFields {
  readonly fields: readonly PackedField[]
  add(places: readonly PackedPlace[], args: readonly Code[]): readonly Code[]
  /** Where rows leave. */
  remove(places: readonly PackedPlace[], args: readonly Code[]): readonly Code[]
  /** Counts what the fields of another group are, by the names of its values, where rows never leave. */
  merge(places: readonly PackedPlace[], others: readonly Code[]): readonly Code[]
  /** Null: as the accumulator makes it of the values of its fields. */
  readonly result: ((places: readonly PackedPlace[]) => Code) | null
}

/**
 * The fields of each aggregate, where groups are numbers in arrays: they have keys, their aggregates keep numbers alone, and all stay in
 * memory until their window, or their slice, goes. Null: each group is an object.
 */
export function packGroups(
  stage: Pick<GroupStage, 'keys' | 'aggregates' | 'retracts' | 'session' | 'ttl' | 'standing'>,
  { state }: Pick<BoundSettings, 'state'>
): readonly PackedFields[] | null {
  const { keys, aggregates, retracts, session, ttl, standing } = stage
  const goAsObjects = session !== null || ttl !== null || standing !== null
  if (state !== 'memory' || goAsObjects || keys.length === 0) return null
  const fields = aggregates.map(call => (call.distinct ? null : fieldsOf(call, retracts)))
  return fields.every(one => one !== null) ? fields : null
}

function fieldsOf({ name, args }: AggregateCall, retracts: boolean): PackedFields | null {
  const type = args[0]?.type
  switch (name) {
    case 'count':
      return packedCount
    case 'sum':
    case 'avg':
      if (integers.has(type!.kind)) return packedIntegers
      if (!doubles.has(type!.kind)) return null
      return retracts ? packedExactSum(name) : packedSum
    case 'min':
    case 'max': {
      // The next one is among values that came before.
      if (retracts) return null
      const isNumber = [integers, doubles, times].some(kinds => kinds.has(type!.kind))
      return isNumber ? packedExtreme(name === 'min' ? 'least' : 'greatest', type!) : null
    }
    case 'bool_and':
    case 'bool_or':
      return packedTruths
    default:
      return null
  }
}

type Kinds = ReadonlySet<SqlType['kind']>
const integers: Kinds = new Set(['SmallInt', 'Int', 'BigInt'] as const)
const doubles: Kinds = new Set(['Real', 'Double'] as const)
const times: Kinds = new Set(['Date', 'Time', 'Timestamp', 'TimestampTz'] as const)

const plain: PackedField = { kind: 'number', width: 1, type: null }

const packedCount: PackedFields = {
  fields: [plain],
  add: ([count]) => [js`${count!.number}++`],
  remove: ([count]) => [js`${count!.number}--`],
  merge: ([count], [other]) => [js`${count!.number} += ${other!}`],
  result: null
}

const packedSum: PackedFields = {
  fields: [plain, plain],
  add: ([sum, count], [value]) => [js`${sum!.number} += ${value!}`, js`${count!.number}++`],
  remove: () => [],
  merge: ([sum, count], [otherSum, otherCount]) => [
    js`${sum!.number} += ${otherSum!}`,
    js`${count!.number} += ${otherCount!}`
  ],
  result: null
}

const packedIntegers: PackedFields = {
  fields: [{ kind: 'integer', width: 1, type: BIGINT }, plain],
  add: ([sum, count], [value]) => [addInteger(sum!, value!), js`${count!.number}++`],
  remove: ([sum, count], [value]) => [subtractInteger(sum!, value!), js`${count!.number}--`],
  merge: ([sum, count], [otherSum, otherCount]) => [
    addInteger(sum!, otherSum!),
    js`${count!.number} += ${otherCount!}`
  ],
  result: null
}

function addInteger({ state, at }: PackedPlace, value: Code): Code {
  return js`${state}.addInteger(${at}, ${value})`
}

function subtractInteger({ state, at }: PackedPlace, value: Code): Code {
  return js`${state}.subtractInteger(${at}, ${value})`
}

const packedTruths: PackedFields = {
  fields: [plain, plain],
  add: ([yes, no], [value]) => [js`if (${value!}) ${yes!.number}++; else ${no!.number}++`],
  remove: ([yes, no], [value]) => [js`if (${value!}) ${yes!.number}--; else ${no!.number}--`],
  merge: ([yes, no], [otherYes, otherNo]) => [
    js`${yes!.number} += ${otherYes!}`,
    js`${no!.number} += ${otherNo!}`
  ],
  result: null
}

/** Nothing is rounded before it is told: what came and left again leaves nothing behind. */
function packedExactSum(name: 'sum' | 'avg'): PackedFields {
  const result = makeCode(name === 'sum' ? 'doubleSum' : 'doubleAverage')
  return {
    fields: [{ kind: 'sum', width: SUM_WIDTH, type: null }],
    add: ([sum], [value]) => [js`${sum!.state}.addDouble(${sum!.at}, ${value!})`],
    remove: ([sum], [value]) => [js`${sum!.state}.removeDouble(${sum!.at}, ${value!})`],
    merge: () => [],
    result: ([sum]) => js`${sum!.state}.${result}(${sum!.at})`
  }
}

/** How many numbers a group is: behind how many rows it has, where rows may leave. */
export function countNumbers(packed: readonly PackedFields[], retracts: boolean): number {
  const widths = packed.flatMap(({ fields }) => fields.map(({ width }) => width))
  return widths.reduce((sum, width) => sum + width, retracts ? 1 : 0)
}

/** What a value is compared with may be NULL, which is NaN here: the state looks closer then. */
function packedExtreme(which: 'least' | 'greatest', type: SqlType): PackedFields {
  const [take, sign] =
    which === 'least' ? (['takeLeast', '>='] as const) : (['takeGreatest', '<='] as const)
  const takeInto = ({ state, at, number }: PackedPlace, value: Code): Code =>
    js`if (!(${value} ${makeCode(sign)} ${number})) ${state}.${makeCode(take)}(${at}, ${value})`
  return {
    fields: [{ kind: 'value', width: 1, type }],
    add: ([best], [value]) => [takeInto(best!, value!)],
    remove: () => [],
    merge: ([best], [other]) => [js`if (${other!} !== null) { ${takeInto(best!, other!)} }`],
    result: null
  }
}
