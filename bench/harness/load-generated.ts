import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { build } from 'esbuild'
import { nativePlugin } from '../../compiler/bundle/native-plugin.ts'
import { compileScript } from '../../compiler/index.ts'
import { decodeScript } from '../../compiler/parse/index.ts'
import type { BatchBuffer } from '../../runtime/connect/batch-buffer.ts'
import type { PipelineDefinition, RecordWriter } from '../../runtime/index.ts'
import type { startPipeline } from '../../runtime/pipeline/start-pipeline.ts'

/** The generated code and the parts of the runtime that were bundled with it: they share the memory for batches. */
export interface Generated {
  readonly pipeline: PipelineDefinition
  readonly BatchBuffer: typeof BatchBuffer
  readonly RecordWriter: typeof RecordWriter
  readonly startPipeline: typeof startPipeline
}

const entry = `
export { pipeline } from './pipeline.ts'
export { BatchBuffer } from './runtime/connect/batch-buffer.ts'
export { RecordWriter } from '#runtime'
export { startPipeline } from './runtime/pipeline/start-pipeline.ts'
`

/** Compiles a script and loads it the way executables do: one function of one bundle. Each call makes a fresh one. */
export async function loadGenerated(name: string, script: Uint8Array): Promise<Generated> {
  const root = join(import.meta.dirname, '../..')
  const diagnostics: Parameters<typeof decodeScript>[2] = []
  const file = decodeScript(`${name}.sql`, script, diagnostics)
  const compiled = compileScript({
    file,
    options: { optimize: true, directory: import.meta.dirname },
    diagnostics
  })
  if (compiled === null) throw new Error(`${name}: ${JSON.stringify(diagnostics)}`)
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'silent',
    define: { 'import.meta.dirname': '"/"' },
    plugins: [nativePlugin(join(root, 'pipeline.ts'), compiled.pipeline.typescript)],
    external: ['onnxruntime-node'],
    banner: { js: '(function(require){const module={exports:{}};' },
    footer: { js: 'return module.exports})' }
  })
  const open = new Script(outputFiles[0]!.text).runInThisContext() as (
    require: NodeJS.Require
  ) => Generated
  return open(createRequire(import.meta.url))
}
