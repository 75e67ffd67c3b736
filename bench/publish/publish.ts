// node bench/publish/publish.ts: draws what the READMEs show from the results that are kept.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawResults } from './draw-results.ts'
import { keptResults, type KeptRun } from './results.ts'
import { listResults } from './list-results.ts'
import { tableOfBars } from './table-of-bars.ts'

const ROOT = join(import.meta.dirname, '../..')
const [BEGIN, END] = ['<!-- figures: npm run bench -->\n', '<!-- end of figures -->']

/** What each file has to be, by its path from the root. */
export function published(results: ReadonlyMap<string, KeptRun>): ReadonlyMap<string, string> {
  return new Map([
    ['bench/results/chart.svg', drawResults(results)],
    ['bench/results/README.md', listResults(results)],
    [
      'README.md',
      replaceFigures(readFileSync(join(ROOT, 'README.md'), 'utf8'), tableOfBars(results))
    ]
  ])
}

export function publish(): void {
  for (const [path, text] of published(keptResults())) writeFileSync(join(ROOT, path), text)
}

function replaceFigures(readme: string, table: string): string {
  const [start, end] = [readme.indexOf(BEGIN), readme.indexOf(END)]
  if (start < 0 || end < start) throw new Error(`README.md has no place for figures: ${BEGIN}`)
  return `${readme.slice(0, start + BEGIN.length)}\n${table}\n${readme.slice(end)}`
}

if (import.meta.main) publish()
