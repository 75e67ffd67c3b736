import { type Figure, reachesBar } from './figure.ts'
import { formatTable } from './table.ts'

/** The figures of a case as people read them. */
export function formatFigures(title: string, figures: readonly Figure[]): string {
  const rows = figures.map(figure => [
    figure.name,
    figure.value,
    figure.unit,
    figure.samples > 1 ? `${(figure.noise * 100).toFixed(0)}% of ${figure.samples}` : '',
    verdict(figure)
  ])
  return formatTable([[title, '', 'unit', 'noise', 'bar'], ...rows])
}

function verdict(figure: Figure): string {
  const reached = reachesBar(figure)
  if (reached === null) return ''
  const bar = `${figure.better === 'more' ? 'at least' : 'at most'} ${figure.bar}`
  return reached ? `${bar}: met` : `${bar}: MISSED`
}
