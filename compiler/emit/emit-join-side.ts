import { type Code, js } from '../code/index.ts'
import type { JoinSide, JoinStage } from '../ir/index.ts'
import type { RowType } from '../types/index.ts'
import { emitExpr } from './emit-expr.ts'
import { functionContext } from './function-context.ts'
import type { Module } from './module.ts'
import { emitTableKey } from './table-key.ts'
import { nullTest, rowValues } from './value.ts'

/** What a row has in common with those of the other side: a row without a time has nothing. */
export function emitKeyOf(
  { schema, keys, time }: Pick<JoinSide, 'schema' | 'keys' | 'time'>,
  type: Code,
  module: Module
): void {
  const { body } = module
  const row = rowValues(schema, js`row`)
  body.nest(
    js`keyOf(row: ${type}) {`,
    () => {
      const cx = functionContext(row, module)
      const isNull = time === null ? null : nullTest(row[time.column]!)
      if (isNull !== null) body.line(js`if (${isNull}) return null`)
      const values = keys.map(key => emitExpr(key, cx))
      body.line(js`return ${emitTableKey(values, keys, cx)}`)
    },
    js`},`
  )
}

/** What every definition of a join says first. */
export function emitHead(stage: JoinStage, layout: string, { body }: Module): void {
  const list = ({ columns }: RowType): Code[] => columns.map(({ name }) => js`${name}`)
  body.line(js`name: ${stage.name},`)
  body.line(js`layout: ${layout},`)
  const all = [...list(stage.left.schema), ...list(stage.right.schema)]
  body.line(js`columns: [${all}],`)
  body.line(js`sources: [${stage.sources.map(name => js`${name}`)}],`)
}
