import { js } from '../code/index.ts'
import type { Decoder, SourceTask } from '../ir/index.ts'
import { emitDecoder, type EmittedDecoder } from './emit-decoder.ts'
import { emitExpr } from './emit-expr.ts'
import { emitGuarded } from './emit-step.ts'
import type { FunctionContext } from './function-context.ts'
import { loopScope } from './loop-scope.ts'
import type { Module } from './module.ts'
import { emitTableKey } from './table-key.ts'
import type { TableNames } from './table-names.ts'
import { simpleValue, type Value } from './value.ts'

/** The deletes of a topic that is a table: what comes before the ordinary decoding of a row in the loop. */
export interface EmittedFeed {
  /** Handles a delete and goes on with the next record; else the row is at the place that the decoder's guard is given. */
  emit(): Parameters<NonNullable<EmittedDecoder['guard']>>
}

export function emitFeed(task: SourceTask, names: TableNames, module: Module): EmittedFeed {
  const { format } = task.source.feeds!
  return format === 'upsert' ? upsertFeed(task, names, module) : debeziumFeed(task, names, module)
}

/** A record without a value deletes the row of its key. */
function upsertFeed({ source }: SourceTask, names: TableNames, module: Module): EmittedFeed {
  const { body, use } = module
  return {
    emit() {
      body.if(js`batch.valueStart[i]! < 0`, () => {
        const scope = loopScope(module)
        const text = simpleValue(scope.name('key text'), 'null')
        const cx: FunctionContext = { module, out: body, scope, row: [text] }
        emitGuarded(cx, () => {
          body.line(js`const ${text.code} = ${use('keyText')}(batch, i)`)
          const { fromKey } = source.feeds!
          emitDelete(
            fromKey.map(expr => emitExpr(expr, cx)),
            fromKey,
            names,
            cx
          )
        })
        body.line(js`continue`)
      })
      return []
    }
  }
}

/** A change holds the row before it, for a delete, and the row after it, for all others. */
function debeziumFeed(task: SourceTask, names: TableNames, module: Module): EmittedFeed {
  const { source } = task
  const { body, use, scope } = module
  const decoder = emitDecoder({ source, decoder: keyDecoder(task) }, module, `${source.name} key`)
  const envelope = scope.name(`${source.name} envelope`)
  body.line(js`const ${envelope} = new Int32Array(5)`)
  return {
    emit() {
      // Behind a delete comes a record without a value, for Kafka to forget the key: the row is gone by then.
      body.line(js`if (batch.valueStart[i]! < 0) continue`)
      const range = js`batch.valueStart[i]!, batch.valueEnd[i]!`
      const isUtf8 = js`batch.utf8 || ${use('isUtf8Range')}(bytes, ${range})`
      const bad = js`${use('failure')}(${use('Bad')}.utf8, ${use('NO_COLUMN')})`
      const found = loopScope(module).name('found')
      body.line(
        js`const ${found} = ${isUtf8} ? ${use('readEnvelope')}(bytes, ${range}, ${envelope}) : ${bad}`
      )
      body.if(js`${found} !== ${use('DecodeStatus')}.Ok`, () => {
        body.line(js`batch.reject(i, ${use('recordError')}(${found}, batch.valueStart[i]!, []))`)
        body.line(js`continue`)
      })
      body.if(js`${envelope}[4] === ${use('ChangeCode')}.truncate`, () => {
        body.line(
          js`${use('deleteRows')}(${names.state}, [...${names.state}.keys()], ${names.changed})`
        )
        body.line(js`continue`)
      })
      body.if(js`${envelope}[4] === ${use('ChangeCode')}.delete`, () => {
        const inner = loopScope(module)
        decoder.guard!({ start: js`${envelope}[0]!`, end: js`${envelope}[1]!` })
        const row = decoder.row((hint, code) => {
          const name = inner.name(hint)
          body.line(js`const ${name} = ${code}`)
          return name
        })
        const cx: FunctionContext = { module, out: body, scope: inner, row }
        const types = source.feeds!.key.map(index => source.columns[index]!)
        emitGuarded(cx, () => emitDelete(row, types, names, cx))
        body.line(js`continue`)
      })
      return [{ start: js`${envelope}[2]!`, end: js`${envelope}[3]!` }]
    }
  }
}

function emitDelete(
  values: readonly Value[],
  types: Parameters<typeof emitTableKey>[1],
  { state, changed, stored }: TableNames,
  cx: FunctionContext
): void {
  const { module, out } = cx
  const key = emitTableKey(values, types, cx)
  const args = [state, key, changed, js`${module.site(stored.table.span)}`]
  out.line(js`${module.use('deleteKey')}(${args})`)
}

/** Of the row before a delete only the key is sure to be there. */
function keyDecoder({ source }: SourceTask): Decoder {
  const { key } = source.feeds!
  const columns = key.map(index => source.columns[index]!)
  return {
    columns: columns.map(column => ({ column, copied: false, parsed: true })),
    checks: [],
    schema: { columns: key.map(index => source.schema.columns[index]!) }
  }
}
