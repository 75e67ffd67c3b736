import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import { build } from './esbuild.ts'
import { packageRoot } from './package-root.ts'

const NAMESPACE = 'tests'

/** What generated modules import, as files of the runtime. */
const runtimeFiles: Readonly<Record<string, string>> = {
  '#runtime': 'runtime/index.ts',
  '#runtime/test': 'runtime/test/index.ts'
}

/**
 * Writes generated modules as one program that runs the `entries` in their order; the result is what to start. It runs on
 * this machine only, since it imports the runtime from where miraclec is. Modules import each other by their names.
 */
export async function bundleTests(
  modules: ReadonlyMap<string, string>,
  entries: readonly string[],
  directory: string
): Promise<string> {
  const imports = entries.map(name => `import ${JSON.stringify(name)}`)
  await build({
    stdin: { contents: imports.join('\n'), loader: 'js', sourcefile: 'tests.js' },
    absWorkingDir: packageRoot,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    legalComments: 'none',
    logLevel: 'silent',
    sourcemap: 'inline',
    outfile: join(directory, 'tests.mjs'),
    plugins: [generatedModules(modules)]
  })
  const main = join(directory, 'main.mjs')
  // As start.mjs does it: the runtime's files are read as compiled code.
  const cache = JSON.stringify(join(packageRoot, 'node_modules/.cache/compiler'))
  await writeFile(
    main,
    `import { enableCompileCache } from 'node:module'\nenableCompileCache(${cache})\nawait import('./tests.mjs')\n`
  )
  return main
}

function generatedModules(modules: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'generated',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^/ }, ({ path }) => {
        const file = runtimeFiles[path]
        if (file !== undefined) {
          return { path: pathToFileURL(join(packageRoot, file)).href, external: true }
        }
        return modules.has(path) ? { path, namespace: NAMESPACE } : undefined
      })
      onLoad({ filter: /^/, namespace: NAMESPACE }, ({ path }) => ({
        contents: modules.get(path)!,
        loader: 'ts'
      }))
    }
  }
}
