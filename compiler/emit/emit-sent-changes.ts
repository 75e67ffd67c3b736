import { type Code, js, makeCode, pascalCase } from '../code/index.ts'
import { type SourceTask, workKey } from '../ir/index.ts'
import { emitStageChange } from './emit-changed.ts'
import type { EmittedDecoder } from './emit-decoder.ts'
import { declareEnvelope, emitEnvelopeGuard } from './emit-envelope-guard.ts'
import { emitRowType } from './emit-row-type.ts'
import type { FunctionContext } from './function-context.ts'
import { loopScope } from './loop-scope.ts'
import { type Module, placeOf } from './module.ts'
import type { SharedNames } from './task-context.ts'
import { rowValues, withNull } from './value.ts'

/** How rows that another fragment has sent come to a stage, or leave it. */
export interface SentChanges {
  /** Finds the row in a record: what its decoder's guard is given. */
  find(): Parameters<NonNullable<EmittedDecoder['guard']>>
  /** The stage takes the row that is decoded. */
  take(cx: FunctionContext): void
}

export function emitSentChanges(
  { source, decoder, steps }: SourceTask,
  module: Module,
  task: SharedNames
): SentChanges {
  const { body, scope, use } = module
  const row = makeCode(pascalCase(scope.name(`${source.name} row`).text))
  emitRowType(row, decoder.schema, module)
  const envelope = declareEnvelope(source.name, module)
  const inner = loopScope(module)
  const goes = inner.name('goes')
  const at = inner.name('at')
  return {
    find() {
      emitEnvelopeGuard(envelope, module)
      body.line(js`const ${goes} = ${envelope}[4] === ${use('ChangeCode')}.delete`)
      body.line(js`const ${at} = ${goes} ? 0 : 2`)
      return [{ start: js`${envelope}[${at}]!`, end: js`${envelope}[${at} + 1]!` }]
    },
    take(cx) {
      const one = cx.scope.name('row')
      const [before, after] = [cx.scope.name('before'), cx.scope.name('after')]
      const op = js`${goes} ? 'd' : 'c'`
      body.line(js`const ${one}: ${row} = [${cx.row.map(withNull)}]`)
      body.line(js`const ${before} = ${goes} ? ${one} : null`)
      body.line(js`const ${after} = ${goes} ? null : ${one}`)
      const of = (tuple: Code) => rowValues(decoder.schema, tuple)
      const reject = (error: Code): Code => js`batch.reject(i, ${error})`
      for (const step of steps)
        cx.out.at(placeOf(step.span), () => {
          module.work(workKey(step), cx.out)
          emitStageChange(step, { op, before, after }, of, { cx, task, reject })
        })
    }
  }
}
