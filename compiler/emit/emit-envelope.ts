import { js, type Code } from '../code/index.ts'
import type { FunctionContext } from './function-context.ts'

/** The parts of Debezium's envelope, each as what writes it. */
export interface Envelope {
  before(): void
  after(): void
  op(): void
}

/** Debezium's envelope around a row: `before`, `after`, `op`, `ts_ms`. */
export function emitEnvelope(
  writer: Code,
  { before, after, op }: Envelope,
  { module, out }: FunctionContext
): void {
  const raw = (hint: string, text: string): void => {
    out.line(js`${writer}.raw(${module.constant(hint, js`${module.use('ascii')}(${text})`)})`)
  }
  raw('before key', '{"before":')
  before()
  raw('after key', ',"after":')
  after()
  raw('op key', ',"op":')
  op()
  raw('ts key', ',"ts_ms":')
  out.line(js`${writer}.int(${module.clock()}.now())`)
  raw('end', '}')
}
