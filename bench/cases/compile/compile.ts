import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchCase } from '../../harness/case.ts'
import { MIRACLEC } from '../../harness/compile-pipeline.ts'
import { bestOf } from '../../harness/figure.ts'

const SCRIPT = join(import.meta.dirname, '../../../examples/fraud/fraud.sql')
const ROUNDS = 7

/** The fraud script from the shell, everything warm: what a person waits for after each change. */
export const compile: BenchCase = {
  title: 'miraclec compile fraud.sql',
  run() {
    const folder = mkdtempSync(join(tmpdir(), 'miraclec-bench-'))
    try {
      const check = () => time(['check', SCRIPT])
      const bundle = () => time(['compile', SCRIPT, '--format', 'bundle', '-o', `${folder}/b`])
      const executable = () => time(['compile', SCRIPT, '-o', `${folder}/e`])
      const rounds = Array.from({ length: ROUNDS + 1 }, () => ({
        check: check(),
        bundle: bundle(),
        executable: executable()
      })).slice(1)
      const labels = { unit: 's wall', better: 'less' } as const
      const all = (name: 'check' | 'bundle' | 'executable') => rounds.map(round => round[name])
      const bundled = Math.min(...all('bundle'))
      return Promise.resolve([
        bestOf({ name: 'check', ...labels }, all('check')),
        bestOf({ name: 'TypeScript and bundle', ...labels, bar: 0.7 }, all('bundle')),
        // The bar is 3 s on top of the bundle.
        bestOf({ name: 'executable', ...labels, bar: bundled + 3 }, all('executable'))
      ])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** Seconds from before the fork to the end. */
function time(words: readonly string[]): number {
  const started = performance.now()
  const { status, stderr } = spawnSync(MIRACLEC, words)
  if (status !== 0) throw new Error(String(stderr))
  return (performance.now() - started) / 1000
}
