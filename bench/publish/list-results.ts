import { type Figure, formatBar, formatNoise, formatValue } from '../harness/figure.ts'
import { markdownTable } from './markdown-table.ts'
import type { KeptRun } from './results.ts'

/** Every figure of every case, with where and when it was measured. */
export function listResults(results: ReadonlyMap<string, KeptRun>): string {
  const parts = [...results.values()].map(
    ({ case: { name, title, figures }, ...run }) =>
      `## ${name}: ${title}\n\n${describe(run)}\n\n${tables(figures)}`
  )
  return `# Results

Each case's last run, drawn from the JSON beside this file by \`npm run bench\`; by hand: \`node bench/publish/publish.ts\`. Of several runs
the best counts, of ratios the median; all of them are in the JSON.

${parts.join('\n')}`
}

function describe({ date, commit, machine, versions, options }: Omit<KeptRun, 'case'>): string {
  const { cpu, cores, gigabytes, load } = machine
  const { events, records, rounds } = options
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `${date.slice(0, 10)}, commit ${commit}; ${cores} cores of ${cpu}, ${gigabytes} GB, load ${load.map(one => one.toFixed(0)).join(' to ')};
${programs.join(', ')}; \`--records ${records} --rounds ${rounds} --events ${events}\`.`
}

/** Programs beside one another where several have the same figures; the others below. */
function tables(figures: readonly Figure[]): string {
  const split = figures.map(figure => ({ figure, words: figure.name.split(': ') }))
  const isCell = ({ figure, words }: (typeof split)[number]): boolean =>
    words.length === 2 && !words[0]!.includes(' / ') && figure.bar === null
  const cells = split.filter(isCell)
  const columns = [...new Set(cells.map(({ words }) => words[1]!))]
  const rows = [...new Set(cells.map(({ words }) => words[0]!))]
  if (rows.length < 2 || cells.length !== rows.length * columns.length) return listFigures(figures)
  const valueOf = (row: string, column: string): string => {
    const found = cells.find(({ words }) => words[0] === row && words[1] === column)!
    return formatValue(found.figure)
  }
  const matrix = markdownTable([
    ['', ...columns],
    ...rows.map(row => [row, ...columns.map(column => valueOf(row, column))])
  ])
  const others = split.filter(entry => !isCell(entry)).map(({ figure }) => figure)
  return others.length === 0 ? matrix : `${matrix}\n${listFigures(others)}`
}

function listFigures(figures: readonly Figure[]): string {
  const rows = figures.map(figure => [
    figure.name,
    formatValue(figure),
    formatNoise(figure),
    formatBar(figure)
  ])
  return markdownTable([['', '', 'noise', 'bar'], ...rows])
}
