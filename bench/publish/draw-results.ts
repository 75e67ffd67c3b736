import { OURS } from '../cases/peers/peers.ts'
import { type ChartPanel, drawBars } from '../harness/bar-chart.ts'
import { panels } from './highlights.ts'
import type { KeptRun } from './results.ts'

/** The chart of the README: ours beside the others, job by job. */
export function drawResults(results: ReadonlyMap<string, KeptRun>): string {
  const drawn = panels.flatMap(({ case: name, column, title }): ChartPanel[] => {
    const figures = results.get(name)?.case.figures ?? []
    const bars = figures.flatMap(figure => {
      const [program = '', what] = figure.name.split(': ')
      const isOurs = program === OURS
      // Ratios have names of the same form.
      return what === column && figure.unit !== 'x'
        ? [{ label: program, value: figure.value, isOurs }]
        : []
    })
    bars.sort((a, b) => a.value - b.value)
    return bars.length === 0 ? [] : [{ title, bars }]
  })
  return drawBars('Kafka to Kafka, warm: less is better', drawn)
}
