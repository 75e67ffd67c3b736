import { countOf, type HistogramSnapshot, quantileOf } from '../../observe/histogram.ts'
import { errorRate, rateOf } from '../rates.ts'
import { showAgo, showBytes, showCount, showDuration, showRate } from '../show-figures.ts'
import { byId, element, refill } from './dom.ts'
import { lineOf, type Watched } from './watched.ts'

interface Cell {
  readonly text: string
  readonly className?: string
  /** A button that goes to the line of the SQL. */
  readonly line?: number
}
export type Row = readonly (Cell | string | null)[]

/** Everything that is a table. `goTo`: shows a line of the SQL. */
export function showTables(watched: Watched, goTo: (line: number) => void): void {
  showSources(watched)
  showSinks(watched)
  showErrors(watched, goTo)
  showStates(watched)
}

/** `goTo`: shows a line of the SQL. */
export function fillTable(
  id: string,
  head: readonly string[],
  rows: readonly Row[],
  goTo: (line: number) => void = () => {}
): void {
  const table = byId(id)
  const figures = head.map((_, k) => rows.some(row => isFigure(row[k] ?? null)))
  const headCells = head.map((name, k) =>
    element('th', { scope: 'col', class: figures[k] === true ? 'figure' : null }, name)
  )
  const body = rows.map(row => {
    const cells = head.map((name, k) => {
      const cell = makeCell(row[k] ?? null, figures[k] === true, goTo)
      // On a phone a row is a list.
      cell.dataset['label'] = name
      return cell
    })
    const isPart = typeof row[0] === 'string' && row[0].startsWith('partition')
    return element('tr', { class: isPart ? 'part' : null }, ...cells)
  })
  table.hidden = rows.length === 0
  refill(
    table,
    element('thead', {}, element('tr', {}, ...headCells)),
    element('tbody', {}, ...body)
  )
}

function isFigure(cell: Cell | string | null): boolean {
  const text = typeof cell === 'object' ? (cell?.text ?? '') : cell
  return /^(?:-$|-?[\d>])/.test(text) && !/^\d+:\d+/.test(text)
}

function makeCell(
  cell: Cell | string | null,
  figure: boolean,
  goTo: (line: number) => void
): HTMLElement {
  const { text, className, line }: Cell =
    typeof cell === 'object' ? (cell ?? { text: '' }) : { text: cell }
  const classes = [figure ? 'figure' : 'name', className ?? ''].join(' ').trim()
  if (line === undefined) return element('td', { class: classes, title: text }, text)
  // By itself, as readers of screens list buttons, a number says nothing.
  const label = { type: 'button', class: 'link', 'aria-label': `line ${text}` }
  const button = element('button', label, text)
  button.addEventListener('click', () => goTo(line))
  return element('td', { class: classes }, button)
}

function showSources({ now, before }: Watched): void {
  const head = [
    'source',
    'status',
    'records/s',
    'records',
    'lag',
    'watermark behind',
    'rejected',
    'late'
  ]
  const rows = now.sources.flatMap(source => {
    const { name, topic, status, records, lag, watermark, partitions, rejected, late } = source
    const was = before.sources.find(one => one.name === name)
    const behind = (time: number | null): string | null => {
      if (time === null) return null
      const seconds = (now.now - time) / 1000
      return seconds < 0 ? `${showDuration(-seconds)} ahead` : showDuration(seconds)
    }
    const whole: Row = [
      `${name} (${topic})`,
      statusCell(status),
      showRate(rateOf(now, before, records, was?.records ?? 0)),
      showCount(records),
      { text: showCount(lag), className: lag > 10_000 ? 'warn-text' : '' },
      behind(watermark),
      failed(rejected, was?.rejected),
      failed(late, was?.late)
    ]
    const parts = partitions.map(({ partition, offset, lag: part, watermark: mark }): Row => {
      const at = offset === null ? '' : showCount(offset)
      const waiting = part === null ? '?' : showCount(part)
      return [`partition ${partition}`, null, null, at, waiting, behind(mark)]
    })
    return [whole, ...parts]
  })
  fillTable('sources', head, rows)
}

function failed(count: number, was: number | undefined): Cell {
  return { text: showCount(count), className: count > (was ?? 0) ? 'bad-text' : '' }
}

function statusCell(status: string): Cell {
  return { text: status, className: status === 'running' ? 'good-text' : 'bad-text' }
}

function showSinks({ now, before }: Watched): void {
  const head = ['sink', 'status', 'records/s', 'records', 'bytes', 'refused', 'latency p50', 'p99']
  const rows = now.sinks.map(({ name, topic, status, records, bytes, refused, latency }): Row => {
    const was = before.sinks.find(one => one.name === name)
    return [
      `${name} (${topic})`,
      statusCell(status),
      showRate(rateOf(now, before, records, was?.records ?? 0)),
      showCount(records),
      showBytes(bytes),
      failed(refused, was?.refused),
      ...quantiles(latency)
    ]
  })
  fillTable('sinks', head, rows)
}

function quantiles(histogram: HistogramSnapshot): (string | null)[] {
  return [0.5, 0.99].map(share => {
    const value = quantileOf(histogram, share)
    if (value === null) return null
    return `${value === histogram.bounds.at(-1) ? '> ' : ''}${showDuration(value)}`
  })
}

function showErrors(watched: Watched, goTo: (line: number) => void): void {
  const { now, before } = watched
  const head = ['code', 'count', 'per second', 'last', 'line', 'where', 'what']
  const rows = now.errors.map((error): Row => {
    const { code, count, time, place, side, of, message } = error
    const rate = errorRate(now, before, error)
    const line = lineOf(error)
    return [
      code,
      showCount(count),
      { text: showRate(rate), className: (rate ?? 0) > 0 ? 'bad-text' : '' },
      showAgo(now.now - time),
      { text: place === null ? `${line}` : `${line}:${place.column}`, line },
      place === null ? `${side} ${of}` : `${place.statement}: ${place.text}`,
      { text: message, className: 'text' }
    ]
  })
  fillTable('errors', head, rows.length === 0 ? [['none so far']] : rows, goTo)
}

function showStates({ now, before }: Watched): void {
  fillTable(
    'states',
    ['state', 'kind', 'rows', 'in changelog'],
    now.states.map(({ name, kind, rows, bytes }) => {
      return [name, kind, showCount(rows), bytes === null ? '?' : showBytes(bytes)]
    })
  )
  fillTable(
    'models',
    ['model', 'rows/s', 'rows', 'failures', 'batch p50', 'p99'],
    now.models.map(({ name, rows, failures, durations }) => {
      const was = before.models.find(one => one.name === name)
      return [
        name,
        showRate(rateOf(now, before, rows, was?.rows ?? 0)),
        showCount(rows),
        failed(failures, was?.failures),
        ...quantiles(durations)
      ]
    })
  )
  const work = (name: string, one: Watched['now']['commits'], was: typeof one): Row => [
    name,
    showCount(countOf(one.durations)),
    failed(one.failures, was.failures),
    ...quantiles(one.durations)
  ]
  fillTable(
    'barriers',
    ['barriers', 'done', 'failed', 'p50', 'p99'],
    [
      work('commits', now.commits, before.commits),
      work('checkpoints', now.checkpoints, before.checkpoints),
      ...(now.returns > 0 ? [['back at the last commit', showCount(now.returns)]] : []),
      ...now.deadLetters.map(({ topic, records }) => [
        `dead letters in ${topic}`,
        showCount(records)
      ])
    ]
  )
}
