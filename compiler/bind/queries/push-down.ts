import { exprCanFail } from '../../functions/index.ts'
import {
  type BatchInput,
  type BatchJoin,
  type BatchNested,
  columnsOf,
  type Expr,
  makeAnd,
  splitConjuncts
} from '../../ir/index.ts'
import { ofTable, splitKeys } from './lookup-keys.ts'

export interface PushedDown {
  readonly input: BatchInput
  /** What has to be asked of the input's rows. */
  readonly rest: readonly Expr[]
}

/**
 * Conditions on the rows of an input, asked where fewer rows meet: an equality of both sides of a join is its key, and a condition
 * on one side is asked of that side. What can fail stays, so that it fails for no other rows.
 */
export function pushDown(input: BatchInput, conditions: readonly Expr[]): PushedDown {
  const all = conditions.flatMap(splitConjuncts)
  if (input.kind === 'Join') return intoJoin(input, all)
  if (input.kind === 'Nested') return intoNested(input, all)
  return { input, rest: all }
}

function intoJoin(join: BatchJoin, conditions: readonly Expr[]): PushedDown {
  if (join.join === 'FULL') return { input: join, rest: conditions }
  const width = join.left.schema.columns.length
  const [safe, unsafe] = bySafety(conditions)
  const ofLeft = safe.filter(condition => reads(condition, 0, width))
  const left = filter(join.left, ofLeft)
  if (join.join === 'LEFT') {
    return { input: { ...join, left }, rest: conditions.filter(one => !ofLeft.includes(one)) }
  }
  const others = safe.filter(condition => !ofLeft.includes(condition))
  const ofRight = others.filter(condition => reads(condition, width, Infinity))
  const right = filter(
    join.right,
    ofRight.map(condition => ofTable(condition, width))
  )
  const both = others.filter(condition => !ofRight.includes(condition))
  const { keys, rest } = splitKeys(both, width)
  return {
    input: { ...join, left, right, keys: [...join.keys, ...keys] },
    rest: [...rest, ...unsafe]
  }
}

function intoNested(nested: BatchNested, conditions: readonly Expr[]): PushedDown {
  const width = nested.schema.columns.length - nested.input.schema.columns.length
  const [safe, unsafe] = bySafety(conditions)
  const inside = safe.filter(condition => reads(condition, width, Infinity))
  const input = filter(
    nested.input,
    inside.map(condition => ofTable(condition, width))
  )
  const { keys, rest } = splitKeys(
    safe.filter(condition => !inside.includes(condition)),
    width
  )
  return {
    input: { ...nested, input, keys: [...nested.keys, ...keys] },
    rest: [...rest, ...unsafe]
  }
}

function bySafety(conditions: readonly Expr[]): readonly [safe: Expr[], unsafe: Expr[]] {
  return [
    conditions.filter(condition => !exprCanFail(condition)),
    conditions.filter(condition => exprCanFail(condition))
  ]
}

/** Whether it reads columns, and all of them are in the range. */
function reads(condition: Expr, from: number, to: number): boolean {
  const columns = columnsOf([condition])
  return columns.length > 0 && columns.every(index => from <= index && index < to)
}

function filter(input: BatchInput, conditions: readonly Expr[]): BatchInput {
  const [first] = conditions
  if (first === undefined) return input
  const { input: inside, rest } = pushDown(input, conditions)
  if (rest.length === 0) return inside
  const where = makeAnd(rest, first.span)
  return { kind: 'Filtered', input: inside, where, schema: inside.schema }
}
