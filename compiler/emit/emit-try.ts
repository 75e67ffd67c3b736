import { js, type Code } from '../code/index.ts'
import type { FunctionContext } from './function-context.ts'

/**
 * `try { ... } catch` that hands what went wrong to `reject`, as a RecordError; null: it was told before. A bug is thrown on:
 * `rowError` does that.
 */
export function emitTry(
  { out, module }: FunctionContext,
  body: () => void,
  reject: ((error: Code) => Code) | null
): void {
  out.line(js`try {`)
  const lines = out.capture(body)
  out.insert(lines.map(line => ({ ...line, depth: line.depth + 1 })))
  out.line(js`} catch (error) {`)
  const error = js`${module.use('rowError')}(error)`
  const handler = reject === null ? error : reject(error)
  out.insert([{ depth: 1, text: handler.text, place: null }])
  out.line(js`}`)
}
