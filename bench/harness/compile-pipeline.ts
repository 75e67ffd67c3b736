import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const MIRACLEC = join(import.meta.dirname, '../../compiler/miraclec')

/** A script's executable, or its bundle, in a temporary folder. */
export interface CompiledPipeline extends Disposable {
  readonly path: string
  /** A folder beside it, for its state. */
  readonly state: string
}

/** Compiles with the command that people use. */
export function compilePipeline(name: string, script: string): CompiledPipeline {
  return compile(name, script, name)
}

/** As `compilePipeline`, what Node runs. */
export function compileBundle(name: string, script: string): CompiledPipeline {
  return compile(name, script, 'pipeline.mjs', ['--format', 'bundle'])
}

function compile(
  name: string,
  script: string,
  result: string,
  words: readonly string[] = []
): CompiledPipeline {
  const folder = mkdtempSync(join(tmpdir(), 'miraclec-bench-'))
  const source = join(folder, `${name}.sql`)
  writeFileSync(source, script)
  const { status, stderr } = spawnSync(MIRACLEC, ['compile', source, '-o', folder, ...words])
  if (status !== 0) throw new Error(String(stderr))
  return {
    path: join(folder, result),
    state: join(folder, 'state'),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true })
  }
}
