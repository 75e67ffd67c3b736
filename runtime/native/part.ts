import { createRequire } from 'node:module'
import { constants, Script } from 'node:vm'
import type { OpenAsker, OpenBackend } from '../contract/index.ts'
import { readShipped } from './shipped-file.ts'

/** `folder`: where the pipeline's own files are. */
type PartModule = (require: NodeJS.Require, folder: string) => unknown

/**
 * What answers statements. It is code of a megabyte, the compiler among it, so it is loaded at the first statement: some 50 ms.
 */
export function loadAsk(): OpenAsker {
  return loadPart<{ readonly openAsker: OpenAsker }>('ask.cjs').openAsker
}

/** What keeps state on the disk. Only pipelines that ask for it have it. */
export const loadBackend: OpenBackend = (...given) =>
  loadPart<{ readonly openLmdb: OpenBackend }>('lmdb.cjs').openLmdb(...given)

/** Code that is loaded when it is first needed. */
export function loadPart<Part>(name: string): Part {
  // The bundler writes plain ASCII, which V8 keeps as one byte per character.
  const script = new Script(Buffer.from(readShipped(name)).toString('latin1'), {
    filename: name,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
  })
  const open = script.runInThisContext() as PartModule
  return open(createRequire(import.meta.url), import.meta.dirname) as Part
}
