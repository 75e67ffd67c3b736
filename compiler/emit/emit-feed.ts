import { type Code, js } from '../code/index.ts'
import type { BoundColumn, Decoder, SourceTask, Step } from '../ir/index.ts'
import { TEXT } from '../types/index.ts'
import { emitAvroDecoder } from './emit-avro-decoder.ts'
import { emitDecoder, type EmittedDecoder } from './emit-decoder.ts'
import { endVersion, endVersions } from './emit-as-of.ts'
import { emitExpr } from './emit-expr.ts'
import { emitGuarded } from './emit-step.ts'
import { declareEnvelope, emitEnvelopeGuard } from './emit-envelope-guard.ts'
import type { FunctionContext } from './function-context.ts'
import type { JoinNames } from './join-names.ts'
import { loopScope } from './loop-scope.ts'
import type { Module } from './module.ts'
import { emitNullableKey, emitTableKey } from './table-key.ts'
import type { TableNames } from './table-names.ts'
import type { SharedNames } from './task-context.ts'
import { simpleValue, type Value } from './value.ts'

/** The deletes of a topic that is a table: what comes before the ordinary decoding of a row in the loop. */
export interface EmittedFeed {
  /** Handles a delete and goes on with the next record; else the row is at the place that the decoder's guard is given. */
  emit(): Parameters<NonNullable<EmittedDecoder['guard']>>
}

export function emitFeed(task: SourceTask, shared: SharedNames, module: Module): EmittedFeed {
  const { name, feeds } = task.source
  const names = { ...shared.table(name), versions: versionsOf(task.steps, name, shared) }
  if (feeds!.format === 'upsert') {
    return feeds!.keyFormat === 'avro'
      ? avroUpsertFeed(task, names, module)
      : upsertFeed(task, names, module)
  }
  return task.source.format === 'avro'
    ? avroChangeFeed(task, names, module)
    : debeziumFeed(task, names, module)
}

/** The table of a topic, and who keeps the versions of its rows. */
interface FedNames extends TableNames {
  readonly versions: readonly FedVersions[]
}

interface FedVersions {
  readonly names: JoinNames
  readonly clock: Code
}

function versionsOf(steps: readonly Step[], source: string, shared: SharedNames): FedVersions[] {
  return steps.flatMap(step => {
    if (step.kind === 'Join') {
      return [{ names: shared.joins(step.stage), clock: shared.clock(source) }]
    }
    return 'steps' in step ? versionsOf(step.steps, source, shared) : []
  })
}

/** A record without a value deletes the row of its key. */
function upsertFeed({ source }: SourceTask, names: FedNames, module: Module): EmittedFeed {
  const { body, use } = module
  return {
    emit() {
      body.if(js`batch.valueStart[i]! < 0`, () => {
        const scope = loopScope(module)
        const text = simpleValue(scope.name('key text'), 'never')
        const cx: FunctionContext = { module, out: body, scope, row: [text] }
        emitGuarded(cx, () => {
          body.line(js`const ${text.code} = ${use('keyText')}(batch, i)`)
          body.line(js`${use('requireKey')}(${text.code}, ${module.site(names.stored.table.span)})`)
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

/** The same with keys in Avro. */
function avroUpsertFeed({ source }: SourceTask, names: FedNames, module: Module): EmittedFeed {
  const { body } = module
  const key = source.feeds!.key.map(index => source.columns[index]!)
  const decoder = emitAvroDecoder(source, key, `${source.name} key`, module)
  return {
    emit() {
      body.if(js`batch.valueStart[i]! < 0`, () => {
        const scope = loopScope(module)
        body.if(js`!${decoder.read(js`batch.keyStart[i]!`, js`batch.keyEnd[i]!`)}`, () => {
          body.line(js`batch.reject(i, ${decoder.error})`)
          body.line(js`continue`)
        })
        const row = key.map(column =>
          decoder.value(column, (hint, code) => {
            const name = scope.name(hint)
            body.line(js`const ${name} = ${code}`)
            return name
          })
        )
        const cx: FunctionContext = { module, out: body, scope, row }
        emitGuarded(cx, () => emitDelete(row, key, names, cx))
        body.line(js`continue`)
      })
      return []
    }
  }
}

/** A change holds the row before it, for a delete, and the row after it, for all others. */
function debeziumFeed(task: SourceTask, names: FedNames, module: Module): EmittedFeed {
  const { source } = task
  const { body, use } = module
  const decoder = emitDecoder({ source, decoder: keyDecoder(task) }, module, `${source.name} key`)
  const envelope = declareEnvelope(source.name, module)
  return {
    emit() {
      // Behind a delete comes a record without a value, for Kafka to forget the key: the row is gone by then.
      body.line(js`if (batch.valueStart[i]! < 0) continue`)
      emitEnvelopeGuard(envelope, module)
      body.if(js`${envelope}[4] === ${use('ChangeCode')}.truncate`, () => {
        emitTruncate(names, module)
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

/** The same in Avro. The record is passed over twice at most: for what the change is, and for the row that it needs. */
function avroChangeFeed({ source }: SourceTask, names: FedNames, module: Module): EmittedFeed {
  const { body, use } = module
  const { name, feeds, span } = source
  const op: BoundColumn = {
    name: 'op',
    type: TEXT,
    notNull: false,
    from: { kind: 'Field', path: ['op'] },
    fitted: null,
    defaultValue: null,
    span
  }
  const key = feeds!.key.map(index => source.columns[index]!)
  const change = emitAvroDecoder(source, [op], `${name} change`, module)
  const before = emitAvroDecoder(source, key, `${name} key`, module, 'before')
  const range = [js`batch.valueStart[i]!`, js`batch.valueEnd[i]!`] as const
  const refuse = (error: Code): void => {
    body.line(js`batch.reject(i, ${error})`)
    body.line(js`continue`)
  }
  return {
    emit() {
      body.line(js`if (${range[0]} < 0) continue`)
      const scope = loopScope(module)
      const bind = (hint: string, code: Code): Code => {
        const bound = scope.name(hint)
        body.line(js`const ${bound} = ${code}`)
        return bound
      }
      body.if(js`!${change.read(...range)}`, () => refuse(change.error))
      const { code } = change.value(op, bind)
      body.if(js`${code} === 't'`, () => emitTruncate(names, module))
      body.if(js`${code} === 'd'`, () => {
        body.if(js`!${before.read(...range)}`, () => refuse(before.error))
        const row = key.map(column => before.value(column, bind))
        emitGuarded({ module, out: body, scope, row }, () =>
          emitDelete(row, key, names, { module, out: body, scope, row })
        )
        body.line(js`continue`)
      })
      const isRow = js`${code} === 'c' || ${code} === 'u' || ${code} === 'r'`
      body.if(js`!(${isRow})`, () => refuse(js`${use('notAChange')}()`))
      return []
    }
  }
}

function emitTruncate({ state, changed, versions }: FedNames, { body, use }: Module): void {
  body.line(js`${use('deleteRows')}(${state}, [...${state}.keys()], ${changed})`)
  for (const { names, clock } of versions) body.line(endVersions(names, clock))
  body.line(js`continue`)
}

function emitDelete(
  values: readonly Value[],
  types: Parameters<typeof emitTableKey>[1],
  { state, changed, stored, versions }: FedNames,
  cx: FunctionContext
): void {
  const { module, out, scope } = cx
  const key = scope.name('key')
  const { nullsInKey } = stored.table
  const made = nullsInKey ? emitNullableKey(values, cx) : emitTableKey(values, types, cx)
  out.line(js`const ${key} = ${made}`)
  for (const { names, clock } of versions) out.line(endVersion(names, key, clock, module))
  const args = [state, key, changed, js`${module.site(stored.table.span)}`]
  out.line(js`${module.use('deleteKey')}(${args})`)
}

/** Of the row before a delete only the key is sure to be there. */
function keyDecoder({ source }: SourceTask): Decoder {
  const { key } = source.feeds!
  const columns = key.map(index => source.columns[index]!)
  return {
    columns: columns.map(column => ({
      ...{ column, copied: false, parsed: true, compared: false }
    })),
    checks: [],
    schema: { columns: key.map(index => source.schema.columns[index]!) }
  }
}
