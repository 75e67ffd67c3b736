import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchCase } from '../../harness/case.ts'
import { MIRACLEC } from '../../harness/compile-pipeline.ts'
import { bestOf, type Figure } from '../../harness/figure.ts'
import { childCpuSeconds } from '../../harness/sample.ts'

const SCRIPT = join(import.meta.dirname, '../../../examples/fraud/fraud.sql')
const ROUNDS = 9
/** Of the scripts that are made up: as many as a pipeline has, and many. */
const [SOME, MANY] = [50, 2000]

/** The fraud script from the shell, everything warm: what a person waits for after each change. */
export const compile: BenchCase = {
  title: 'miraclec compile fraud.sql',
  run() {
    const folder = mkdtempSync(join(tmpdir(), 'miraclec-bench-'))
    try {
      const [some, many] = [join(folder, 'some.sql'), join(folder, 'many.sql')]
      writeFileSync(some, departmentScript(SOME))
      writeFileSync(many, departmentScript(MANY))
      const commands = {
        check: ['check', SCRIPT],
        many: ['check', many],
        some: ['compile', some, '--format', 'bundle', '-o', join(folder, 'some')],
        bundle: ['compile', SCRIPT, '--format', 'bundle', '-o', join(folder, 'bundle')],
        executable: ['compile', SCRIPT, '-o', join(folder, 'executable')]
      }
      // The first round fills the caches.
      const rounds = Array.from({ length: ROUNDS + 1 }, () => ({
        check: time(commands.check),
        many: time(commands.many),
        some: time(commands.some),
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
        ...describe(
          `check of ${MANY} lines`,
          rounds.map(({ many }) => many),
          1
        ),
        ...describe(
          `${SOME} lines to a bundle`,
          rounds.map(({ some }) => some),
          0.5
        ),
        ...describe('TypeScript and bundle', bundles, 0.5),
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

/** Sources, tables, sinks and queries of a whole department, ten lines for each pipeline. */
function departmentScript(lines: number): string {
  const pipelines = Array.from(
    { length: lines / 10 },
    (_, i) => `-- Pipeline ${i}
CREATE SOURCE payments_${i} FROM KAFKA (topic = 'payments-${i}', group_id = 'group-${i}')
  SCHEMA (id BIGINT, user_id BIGINT, amount DECIMAL(12, 2), country TEXT, ts TIMESTAMP);
CREATE TABLE users_${i} (id BIGINT PRIMARY KEY, name TEXT, tier TEXT, credit DECIMAL(12, 2));
CREATE SINK risky_${i} TO KAFKA (topic = 'risky-${i}', partition_key = 'id');
INSERT INTO risky_${i}
  SELECT p.id, u.name, p.amount, CASE WHEN p.amount > 900 THEN 'BLOCK' WHEN p.amount > u.credit THEN 'REVIEW' ELSE 'APPROVE' END AS verdict,
    coalesce(u.tier, 'none') AS tier, upper(p.country) AS country, date_trunc('day', p.ts) AS day
  FROM payments_${i} p LEFT JOIN users_${i} u ON p.user_id = u.id
  WHERE p.amount > 10 AND (p.country IN ('DE', 'FR', 'IT') OR u.tier = 'gold') AND length(coalesce(u.name, '')) < 200;`
  )
  return `${pipelines.join('\n')}\n`
}
