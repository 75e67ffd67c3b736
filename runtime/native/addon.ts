import { existsSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { isSea } from 'node:sea'
import { extractNative } from './extract.ts'
import { openPayload } from './payload.ts'

/** Folder of each addon inside `native/`, and the addon's place in it. */
const ADDONS = {
  kafka: 'Release/confluent-kafka-javascript.node',
  onnx: 'onnxruntime_binding.node',
  lmdb: 'node.napi.glibc.node'
} as const

export type AddonName = keyof typeof ADDONS

/**
 * Loads a native addon in a bundled pipeline: from the executable's payload, or from `native/` beside `pipeline.mjs`.
 * `compiler/bundle` puts this in place of the packages' own search; in a checkout the packages find theirs.
 */
export function openAddon(name: AddonName): unknown {
  const path = isSea()
    ? join(extractNative(openPayload(), `native/${name}/`, process.env), ADDONS[name])
    : join(import.meta.dirname, 'native', name, ADDONS[name])
  if (!existsSync(path)) {
    throw new Error(
      `${path} is missing: compile with --format bundle to get native parts beside it`
    )
  }
  const holder: { exports: unknown } = { exports: {} }
  try {
    process.dlopen(holder, path, constants.dlopen.RTLD_NOW)
  } catch (error) {
    throw explainLoadFailure(error, path)
  }
  return holder.exports
}

/** What the dynamic loader says names a library or a mount option; people need to know what to do about it. */
function explainLoadFailure(error: unknown, path: string): Error {
  const message = error instanceof Error ? error.message : String(error)
  const library = /^(\S+): cannot open shared object file/.exec(message)?.[1]
  const hint =
    library !== undefined
      ? `this machine has no ${library}; on Debian: apt-get install libssl3 libzstd1 zlib1g libstdc++6`
      : message.includes('failed to map segment')
        ? 'its file system forbids running code (noexec); set XDG_CACHE_HOME to a folder on another one'
        : 'compile the pipeline again for this machine'
  return new Error(`cannot load ${path}: ${message} (${hint})`, { cause: error })
}
