import {
  columnsOf,
  type Expr,
  type JoinSide,
  joinSchema,
  type JoinStage,
  type JoinStep,
  makeColumn,
  type NodeOf,
  replaceColumns,
  type Step,
  type StreamNode
} from '../ir/index.ts'
import type { Origins } from './origins.ts'
import type { PrunedSteps } from './pruned-steps.ts'

/** A Join with what it has to keep of its rows: what it asks itself, and what is read behind it. */
export function lowerJoin(node: NodeOf<'Join'>, behind: PrunedSteps, origins: Origins): JoinStage {
  const { name, join, keys, condition, asOf, times, ttl, inputs, traits, span } = node
  const width = inputs[0].schema.columns.length
  const asked = condition === null ? [] : columnsOf([condition])
  const read = [...asked, ...behind.columns]
  const left = lowerSide(inputs[0], {
    read: read.filter(index => index < width),
    keys: keys.map(key => key.left),
    time: times && { ...times.left, closes: times.to + times.right.lag },
    ttl,
    origins
  })
  const right = lowerSide(inputs[1], {
    read: read.filter(index => index >= width).map(index => index - width),
    keys: keys.map(key => key.right),
    time: times && { ...times.right, closes: times.left.lag - times.from },
    ttl,
    origins
  })
  const places = [...left.columns, ...right.columns.map(index => index + width)]
  const key = (traits.key ?? []).map(index => places.indexOf(index))
  return Object.freeze({
    kind: 'Join',
    name,
    tasks: null,
    join,
    left,
    right,
    condition: condition === null ? null : move(condition, places),
    asOf,
    appends: traits.changes === 'append',
    key: key.includes(-1) ? [] : key,
    sources: origins.sourcesOf(node),
    schema: joinSchema(left.schema, right.schema, join),
    columns: behind.columns.map(index => places.indexOf(index)),
    steps: behind.steps,
    span
  })
}

interface SideParts {
  /** The columns that the join's condition, or what is behind it, reads. */
  readonly read: readonly number[]
  readonly keys: readonly Expr[]
  readonly time: JoinSide['time']
  readonly ttl: number | null
  readonly origins: Origins
}

function lowerSide(input: StreamNode, { read, keys, time, ttl, origins }: SideParts): JoinSide {
  const all = new Set([...read, ...columnsOf(keys), ...(time === null ? [] : [time.column])])
  const columns = [...all].sort((a, b) => a - b)
  return {
    columns,
    schema: { columns: columns.map(index => input.schema.columns[index]!) },
    keys: keys.map(key => move(key, columns)),
    clocks: time === null ? [] : origins.clocksOf(input, 'event'),
    time: time === null ? null : { ...time, column: columns.indexOf(time.column) },
    // Rows that change leave when they do.
    ttl: isEndless(input, time) ? ttl : null
  }
}

function isEndless({ traits }: StreamNode, time: JoinSide['time']): boolean {
  return traits.changes === 'append' && (time === null || time.closes === Infinity)
}

function move(expr: Expr, places: readonly number[]): Expr {
  return replaceColumns(expr, (index, column) =>
    column.kind === 'Column' ? makeColumn(places.indexOf(index), column, column.span) : column
  )
}

/** A row of an input goes into a side of the join. */
export function makeJoinStep(node: NodeOf<'Join'>, side: JoinStep['side'], stage: JoinStage): Step {
  const { name, times, inputs, span } = node
  const time = times === null ? null : times[side]
  const { schema } = inputs[side === 'left' ? 0 : 1]
  const { columns } = stage[side]
  return Object.freeze({ kind: 'Join', stage: name, side, columns, time, mark: null, schema, span })
}
