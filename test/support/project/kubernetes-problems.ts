import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from '../../architecture/source-files.ts'

export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
}

interface Model {
  validate(): void
}

/** The package that has the models of an API, and the folder in it. */
function moduleOf({ apiVersion }: Manifest): string {
  return apiVersion.startsWith('keda.sh/')
    ? `@kubernetes-models/keda/${apiVersion}`
    : `kubernetes-models/${apiVersion}`
}

/**
 * What Kubernetes and KEDA would not take, by models that are made of their own schemas: missing fields and wrong values by the models'
 * checks, fields that do not exist by their types.
 */
export async function kubernetesProblems(manifests: readonly Manifest[]): Promise<string[]> {
  const wrong: string[] = []
  for (const manifest of manifests) {
    const module = (await import(moduleOf(manifest))) as Record<
      string,
      new (data: Manifest) => Model
    >
    try {
      new module[manifest.kind]!(manifest).validate()
    } catch (error) {
      wrong.push(`${manifest.kind}: ${(error as Error).message}`)
    }
  }
  return [...wrong, ...unknownFields(manifests)]
}

/** An object literal may have no field that its type has not. */
function unknownFields(manifests: readonly Manifest[]): string[] {
  const text = manifests.flatMap((manifest, i) => [
    `import type { I${manifest.kind} as T${i} } from '${moduleOf(manifest)}'`,
    `export const m${i}: T${i} = ${JSON.stringify(manifest)}`
  ])
  // Where the packages are found.
  const folder = mkdtempSync(join(root, 'test/suites/_actual-'))
  try {
    const path = join(folder, 'manifests.ts')
    writeFileSync(path, text.join('\n'))
    const program = ts.createProgram([path], {
      noEmit: true,
      strict: true,
      skipLibCheck: true,
      types: [],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext
    })
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
