import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { isSea } from 'node:sea'
import { constants, Script } from 'node:vm'
import type { OpenAsker } from '../contract/index.ts'
import { openPayload, readEntry } from './payload.ts'

const PART = 'ask.cjs'

type AskModule = (require: NodeJS.Require) => { readonly openAsker: OpenAsker }

/**
 * What answers statements: from the executable's payload, or from beside `pipeline.mjs`. It is code of a megabyte, the compiler
 * among it, so it is loaded at the first statement: some 50 ms.
 */
export function loadAsk(): OpenAsker {
  const bytes = isSea()
    ? readEntry(openPayload(), PART)
    : readFileSync(join(import.meta.dirname, PART))
  if (bytes === null) throw new Error(`${PART} is not in this executable`)
  // The bundler writes plain ASCII, which V8 keeps as one byte per character.
  const script = new Script(bytes.toString('latin1'), {
    filename: PART,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
  })
  const open = script.runInThisContext() as AskModule
  return open(createRequire(import.meta.url)).openAsker
}
