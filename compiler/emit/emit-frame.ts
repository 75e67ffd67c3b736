import { js } from '../code/index.ts'
import { argumentsOfAggregate, columnsOf } from '../ir/index.ts'
import { emitArguments, emitOne } from './emit-count.ts'
import { functionContext } from './function-context.ts'
import type { Module } from './module.ts'
import type { FrameNames, OverNames } from './over-names.ts'
import { rowValues } from './value.ts'

/** What aggregates count of a frame: a class with their fields, and how rows come into it and leave. */
export function emitFrame(frame: FrameNames, { stage, kept }: OverNames, module: Module): void {
  const { counted, counts, fields, aggregates } = frame
  if (aggregates.length === 0) return
  const { body } = module
  module.useType('FrameCounts')
  body.block(js`class ${counted}`, () => {
    for (const { accumulator, fields: names } of fields) {
      accumulator.fields.forEach(({ type, start }, i) =>
        body.line(js`${names[i]!}: ${type} = ${start}`)
      )
    }
  })
  const parts = fields.flatMap(({ accumulator, fields: names }) =>
    accumulator.fields.map((field, i) => ({ field, name: names[i]! }))
  )
  const readsRow =
    columnsOf(aggregates.flatMap(({ call }) => argumentsOfAggregate(call))).length > 0
  const parameters = readsRow ? js`counted, row` : js`counted`
  const count = (direction: 'add' | 'remove'): void => {
    const cx = functionContext(rowValues(stage.kept, js`row`), module)
    const counting = aggregates.map(({ call }) => emitArguments(call, cx))
    fields.forEach((one, i) => emitOne(one, counting[i]!, js`counted`, direction, cx))
  }
  body.block(js`const ${counts}: FrameCounts<${kept}, ${counted}> =`, () => {
    body.line(js`make: () => new ${counted}(),`)
    body.nest(js`add(${parameters}) {`, () => count('add'), js`},`)
    // A frame without a beginning keeps all its rows.
    if (frame.frame.start === null) body.line(js`remove() {},`)
    else body.nest(js`remove(${parameters}) {`, () => count('remove'), js`},`)
    body.line(
      js`save: counted => [${parts.map(({ field, name }) => field.save(js`counted.${name}`))}],`
    )
    body.nest(
      js`load(saved) {`,
      () => {
        body.line(js`const counted = new ${counted}()`)
        parts.forEach(({ field, name }, i) =>
          body.line(js`counted.${name} = ${field.load(js`saved[${i}]`)}`)
        )
        body.line(js`return counted`)
      },
      js`}`
    )
  })
}
