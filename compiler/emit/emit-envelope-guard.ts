import { type Code, js } from '../code/index.ts'
import { loopScope } from './loop-scope.ts'
import type { Module } from './module.ts'

/** The variable that says where in a record's value the rows of its change are; see `readEnvelope` of runtime/codec. */
export function declareEnvelope(source: string, { body, scope }: Module): Code {
  const envelope = scope.name(`${source} envelope`)
  body.line(js`const ${envelope} = new Int32Array(5)`)
  return envelope
}

/** Finds the change in the value of a record of the loop; one that is none is rejected. */
export function emitEnvelopeGuard(envelope: Code, module: Module): void {
  const { body, use } = module
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
}
