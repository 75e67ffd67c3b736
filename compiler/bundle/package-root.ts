import { createRequire } from 'node:module'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder of miraclec's own package: the runtime that goes into bundles is there, whatever started the compiler. */
export const packageRoot = findRoot(import.meta.dirname)

/** Finds installed packages from the package's root, wherever a package manager put them. */
export const requireFromRoot = createRequire(join(packageRoot, 'package.json'))

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'compiler/miraclec'))) return folder
  const parent = dirname(folder)
  if (parent === folder) throw new Error('this installation of miraclec is incomplete')
  return findRoot(parent)
}
