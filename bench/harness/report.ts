import { type Figure, formatBar, formatNoise } from './figure.ts'
import { formatTable } from './table.ts'

/** The figures of a case as people read them. */
export function formatFigures(title: string, figures: readonly Figure[]): string {
  const rows = figures.map(figure => [
    figure.name,
    figure.value,
    figure.unit,
    formatNoise(figure),
    formatBar(figure)
  ])
  return formatTable([[title, '', 'unit', 'noise', 'bar'], ...rows])
}
