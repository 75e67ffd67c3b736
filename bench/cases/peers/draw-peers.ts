import { drawBars } from '../../harness/bar-chart.ts'
import type { Figure } from '../../harness/figure.ts'

const panels = [
  { job: 'A 121 B', title: 'filter, CASE, 4 columns; JSON of 121 bytes' },
  { job: 'A 1 KB', title: 'the same; JSON of 1 KB' },
  { job: 'B 121 B', title: '1-minute windows, 5 aggregates by 1,000 keys; 121 bytes' }
]

/** CPU that a million records take in the case `peers`, Kafka to Kafka. */
export function drawPeers(figures: readonly Figure[], ours: string): string {
  const drawn = panels.flatMap(({ job, title }) => {
    const bars = figures.flatMap(({ name, value }) => {
      const [of, program = '', what] = name.split(': ')
      return of === job && what === 'CPU, warm'
        ? [{ label: program, value, isOurs: program === ours }]
        : []
    })
    bars.sort((a, b) => a.value - b.value)
    return bars.length === 0 ? [] : [{ title, bars }]
  })
  return drawBars('CPU-seconds per million records, Kafka to Kafka, warm: less is better', drawn)
}
