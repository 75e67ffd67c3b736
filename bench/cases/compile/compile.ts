import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchCase } from '../../harness/case.ts'
import { MIRACLEC } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure } from '../../harness/figure.ts'
import { childCpuSeconds } from '../../harness/sample.ts'

const SCRIPT = join(import.meta.dirname, '../../../examples/fraud/fraud.sql')
const ROUNDS = 9

/** The fraud script from the shell, everything warm: what a person waits for after each change. */
export const compile: BenchCase = {
  title: 'miraclec compile fraud.sql',
  run() {
    const folder = mkdtempSync(join(tmpdir(), 'miraclec-bench-'))
    try {
      const commands = {
        check: ['check', SCRIPT],
        bundle: ['compile', SCRIPT, '--format', 'bundle', '-o', join(folder, 'bundle')],
        executable: ['compile', SCRIPT, '-o', join(folder, 'executable')]
      }
      // The first round fills the caches.
      const rounds = Array.from({ length: ROUNDS + 1 }, () => ({
        check: time(commands.check),
        bundle: time(commands.bundle),
        executable: time(commands.executable)
      })).slice(1)
      const bundles = rounds.map(({ bundle }) => bundle)
      const fastest = Math.min(...bundles.map(({ wall }) => wall))
      return Promise.resolve([
        ...describe(
          'check',
          rounds.map(({ check }) => check)
        ),
        ...describe('TypeScript and bundle', bundles, 0.7),
        // The bar is 3 s on top of the bundle.
        ...describe(
          'executable',
          rounds.map(({ executable }) => executable),
          fastest + 3
        )
      ])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

interface Timing {
  readonly wall: number
  readonly cpu: number
}

function describe(name: string, timings: readonly Timing[], bar?: number): readonly Figure[] {
  const wall = { name, unit: 's wall', better: 'less' } as const
  const cpu = { name: `${name}, CPU`, unit: 'CPU-s', better: 'less' } as const
  return [
    bestOf(
      bar === undefined ? wall : { ...wall, bar },
      timings.map(timing => timing.wall)
    ),
    bestOf(
      cpu,
      timings.map(timing => timing.cpu)
    )
  ]
}

/** From before the fork to the end. */
function time(words: readonly string[]): Timing {
  const cpu = childCpuSeconds()
  const started = performance.now()
  const { status, stderr } = spawnSync(MIRACLEC, words)
  if (status !== 0) throw new Error(String(stderr))
  return { wall: (performance.now() - started) / 1000, cpu: childCpuSeconds() - cpu }
}
