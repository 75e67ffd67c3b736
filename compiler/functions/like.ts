import { js } from '../code/index.ts'
import { BOOLEAN, TEXT } from '../types/index.ts'
import { defineFunction, signature, type FunctionEntry, type Signature } from './entry.ts'

/** text, pattern, escape. A constant pattern is compiled once, at start. */
function emitLike(fold: boolean): Signature['emit'] {
  return (args, cx) => {
    const [text, pattern, escape] = args
    if (cx.call.args[1]!.kind === 'Literal') {
      const compiled = js`${cx.use('compileLike')}(${pattern!}, ${escape!}, ${fold}, ${cx.site()})`
      return js`${cx.use('matchesLike')}(${text!}, ${cx.constant('pattern', compiled)})`
    }
    return js`${cx.use(fold ? 'ilike' : 'like')}(${args}, ${cx.site()})`
  }
}

export const like: FunctionEntry = defineFunction({
  name: 'like',
  kind: 'operator',
  symbol: 'LIKE',
  signatures: [signature([TEXT, TEXT, TEXT], BOOLEAN, emitLike(false), { canFail: true })],
  cost: 5,
  doc: 'Whether the whole text matches: % stands for any characters, _ for one. ESCAPE is \\ unless given.',
  example: "'kafka' LIKE 'k%a'"
})

export const ilike: FunctionEntry = defineFunction({
  name: 'ilike',
  kind: 'operator',
  symbol: 'ILIKE',
  signatures: [signature([TEXT, TEXT, TEXT], BOOLEAN, emitLike(true), { canFail: true })],
  cost: 8,
  doc: 'LIKE without regard to case.',
  example: "'Kafka' ILIKE 'kaf%'"
})
