import { type Compiled, compileScript } from '../../../compiler/compile.ts'
import { openScriptFolder } from '../compile-fixture.ts'
import type { NexmarkQuery } from './nexmark-query.ts'

/** A query's pipeline, null where it is refused, with what is said against it. `settings`: statements in front of its script. */
export function compileQuery(
  { script }: NexmarkQuery,
  settings = ''
): { readonly compiled: Compiled | null; readonly errors: readonly string[] } {
  using folder = openScriptFolder(new TextEncoder().encode(settings + script))
  const session = folder.session(true)
  const compiled = compileScript(session)
  const errors = session.diagnostics.filter(({ severity }) => severity === 'error')
  return { compiled, errors: errors.map(({ code, message }) => `${message} [${code}]`) }
}
