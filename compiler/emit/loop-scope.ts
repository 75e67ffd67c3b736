import type { Scope } from '../code/index.ts'
import type { Module } from './module.ts'

/** Names that every loop has: columns of the script may not take them. */
const loopNames = ['batch', 'bytes', 'i', 'w', 'start', 'end', 'status', 'error']

/** A scope for the body of a loop over a batch. */
export function loopScope(module: Module): Scope {
  const scope = module.scope.inner()
  for (const name of loopNames) scope.exact(name)
  return scope
}
