import { js } from '../code/index.ts'
import type { RuntimeName, Signature } from './entry.ts'

/** Emits a call of a runtime function with the arguments as they are. */
export function calls(name: RuntimeName): Signature['emit'] {
  return (args, cx) => js`${cx.use(name)}(${args})`
}

/** Emits a call of a runtime function that can fail: the site is its last argument. */
export function callsAtSite(name: RuntimeName): Signature['emit'] {
  return (args, cx) => js`${cx.use(name)}(${args}, ${cx.site()})`
}
