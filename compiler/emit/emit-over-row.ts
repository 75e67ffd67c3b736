import { type Code, js } from '../code/index.ts'
import { findWindowFunction } from '../functions/index.ts'
import type { WindowCall } from '../ir/index.ts'
import { emitExpr } from './emit-expr.ts'
import { type FunctionContext, functionContext } from './function-context.ts'
import type { Module } from './module.ts'
import type { OverNames } from './over-names.ts'
import { rowValues, withNull } from './value.ts'

/** The function that makes what is told of a row whose turn it is: its values, and what window functions give. */
export function emitOverRow(names: OverNames, module: Module): void {
  const { stage, kept, row, rowOf } = names
  const { body } = module
  module.useType('OverPlace')
  const own = rowValues(stage.kept, js`row`)
  const cx = functionContext(own, module)
  cx.scope.exact('place')
  body.block(js`function ${rowOf}(place: OverPlace<${kept}>): ${row}`, () => {
    body.line(js`const { row } = place`)
    const given = stage.over.calls.map(one => emitCall(one, names, cx))
    body.line(js`return [${[...own.map(({ code }) => code), ...given]}]`)
  })
}

function emitCall(one: WindowCall, names: OverNames, cx: FunctionContext): Code {
  const { call, offset } = one
  switch (findWindowFunction(call.name)?.kind) {
    case 'rank':
      return ranks[call.name]!
    case 'away':
      return emitAway(one, names, js`${(call.name === 'lag' ? -1 : 1) * offset!}`, cx)
    case 'value':
      return emitFound(one, names, cx)
    case undefined:
      return emitCounted(one, names, cx)
  }
}

const ranks: Readonly<Record<string, Code>> = {
  row_number: js`place.number`,
  rank: js`place.rank`,
  dense_rank: js`place.denseRank`
}

/** The value of a row some places away, or what stands in for it. */
function emitAway({ call }: WindowCall, names: OverNames, away: Code, cx: FunctionContext): Code {
  const [value, otherwise] = call.args
  const other = cx.scope.name('other')
  cx.out.line(js`const ${other} = place.away(${away})`)
  const none = otherwise === undefined ? js`null` : withNull(emitExpr(otherwise, cx))
  return ofOther(value!, other, none, names, cx)
}

/** The value of a row of the frame. */
function emitFound(one: WindowCall, names: OverNames, cx: FunctionContext): Code {
  const { call, offset } = one
  const frame = frameOf(one, names)
  const found: Readonly<Record<string, Code>> = {
    first_value: js`place.first(${frame})`,
    last_value: js`place.last(${frame})`,
    nth_value: js`place.nth(${frame}, ${offset})`
  }
  const other = cx.scope.name('other')
  cx.out.line(js`const ${other} = ${found[call.name]!}`)
  return ofOther(call.args[0]!, other, js`null`, names, cx)
}

function ofOther(
  value: WindowCall['call']['args'][number],
  other: Code,
  none: Code,
  { stage }: OverNames,
  cx: FunctionContext
): Code {
  const there = withNull(emitExpr(value, { ...cx, row: rowValues(stage.kept, other) }))
  return js`${other} === null ? ${none} : ${there}`
}

function frameOf(one: WindowCall, { frames }: OverNames): number {
  return frames.findIndex(({ calls }) => calls.includes(one))
}

function emitCounted(one: WindowCall, names: OverNames, cx: FunctionContext): Code {
  const at = frameOf(one, names)
  const { aggregates, fields, counted } = names.frames[at]!
  const { accumulator, fields: own } = fields[aggregates.indexOf(one)]!
  const frame = cx.scope.name('counted')
  cx.out.line(js`const ${frame} = place.counted(${at}) as ${counted}`)
  return accumulator.result(own.map(field => js`${frame}.${field}`))
}
