import { importRules } from './import-rules.ts'
import type { Import } from './source-files.ts'

/** One sentence when the import isn't allowed, null when it is. */
export function checkImport(found: Import): string | null {
  const place = `${found.file}:${found.line}`
  const folder = ruleOf(found.file)
  if (folder === null) return `${place}: no rule in import-rules.ts covers this folder`
  const { imports, types = [], packages = [] } = importRules[folder]!
  if (found.isPackage) {
    const allowed = packages.includes(found.target)
    return allowed ? null : `${place}: ${folder} may not import the package ${found.target}`
  }
  if ([folder, ...imports].some(allowed => isInside(found.target, allowed))) return null
  const asType = types.some(allowed => isInside(found.target, allowed))
  if (asType && found.typeOnly) return null
  const what = asType ? `more than types of ${found.target}` : found.target
  return `${place}: ${folder} may not import ${what}`
}

function ruleOf(file: string): string | null {
  const covering = Object.keys(importRules).filter(folder => isInside(file, folder))
  const longest = covering.sort((a, b) => b.length - a.length)[0]
  if (longest === undefined) return null
  // `compiler` and `runtime` stand for their own files, not for folders that nobody has placed.
  const isOpen = longest === 'compiler' || longest === 'runtime'
  return isOpen && file.split('/').length > 2 ? null : longest
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}
