import { resolve } from 'node:path'
import type { Metafile } from 'esbuild'
import { packageRoot } from '../package-root.ts'
import { readManifest } from './manifest.ts'

/** An npm package of which code is in a bundle. */
export interface BundledPackage {
  readonly name: string
  readonly version: string
  /** As its package.json spells it; null: it says nothing. */
  readonly licence: string | null
  /** The packages of which its code imports some: `name@version`. */
  readonly imports: readonly string[]
}

/** The folder of a package, before the path of a file in it. */
const PACKAGE_FOLDER = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//

/** The packages whose code has reached the output. */
export async function bundledPackages(metafile: Metafile): Promise<readonly BundledPackage[]> {
  const imported = importsByFolder(metafile)
  const found = new Map<string, BundledPackage>()
  for (const folder of imported.keys()) {
    const { name, version, license = null } = await readManifest(folder)
    found.set(folder, { name, version, licence: license, imports: [] })
  }
  return [...imported].map(([folder, others]) => {
    const imports = [...others].flatMap(other => found.get(other) ?? []).map(refOf)
    return { ...found.get(folder)!, imports: imports.sort() }
  })
}

function importsByFolder({ inputs, outputs }: Metafile): ReadonlyMap<string, Set<string>> {
  const imported = new Map<string, Set<string>>()
  for (const output of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const folder = folderOf(path)
      if (folder === null || bytesInOutput === 0) continue
      const others = imported.get(folder) ?? new Set()
      imported.set(folder, others)
      for (const { path: other } of inputs[path]!.imports) {
        const beside = folderOf(other)
        if (beside !== null && beside !== folder) others.add(beside)
      }
    }
  }
  return imported
}

/** The package's folder of a path that esbuild names; null: it is our own, or what a plug-in makes. */
function folderOf(path: string): string | null {
  const [, folder = null] = PACKAGE_FOLDER.exec(resolve(packageRoot, path)) ?? []
  // A package manager may have put miraclec itself into such a folder.
  return folder === packageRoot ? null : folder
}

export function refOf({ name, version }: Pick<BundledPackage, 'name' | 'version'>): string {
  return `${name}@${version}`
}
