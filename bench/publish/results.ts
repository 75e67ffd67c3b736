import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchRun, CaseResult } from '../harness/case.ts'

const FOLDER = join(import.meta.dirname, '../results')

/** The last run of one case. */
export interface KeptRun extends Omit<BenchRun, 'cases'> {
  readonly case: CaseResult
}

/** Each case of a run as a file of its own. */
export function keepResult({ cases, ...run }: BenchRun): void {
  for (const kept of cases) {
    const path = join(FOLDER, `${kept.name}.json`)
    writeFileSync(
      path,
      `${JSON.stringify({ ...run, case: kept } satisfies KeptRun, roundNumbers, 2)}\n`
    )
  }
}

/** Noise has no digits worth reading in a diff. */
function roundNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value)
    ? Number(value.toPrecision(5))
    : value
}

/** By the case's name; those that have been kept. */
export function keptResults(): ReadonlyMap<string, KeptRun> {
  if (!existsSync(FOLDER)) return new Map()
  const names = readdirSync(FOLDER).filter(name => name.endsWith('.json'))
  const runs = names.sort().map(name => {
    const run = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as KeptRun
    return [run.case.name, run] as const
  })
  return new Map(runs)
}
