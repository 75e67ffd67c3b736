// The compiler as one bundle, while no source of it has changed since. Set-up makes it (.ci/setup/compiler.mjs): to find and
// load some 340 files takes Node longer than to compile a script.
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const bundles = join(root, 'node_modules/.cache/compiler-bundle')

/** URL of the bundle's main module; null when there is none, or when a source looks different by now. */
export function freshBundle() {
  try {
    const { main, sources } = JSON.parse(readFileSync(join(bundles, 'manifest.json'), 'utf8'))
    for (const [path, seen] of Object.entries(sources)) {
      if (describeSource(path) !== seen) return null
    }
    return pathToFileURL(join(bundles, main)).href
  } catch {
    return null
  }
}

/** Differs when the file does. */
export function describeSource(path) {
  const { size, mtimeMs } = statSync(join(root, path))
  return `${size} ${mtimeMs}`
}
