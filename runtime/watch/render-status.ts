import { countOf, quantileOf, type HistogramSnapshot } from '../observe/histogram.ts'
import { printable } from '../observe/printable.ts'
import type { Snapshot, SourceSnapshot } from '../observe/snapshot.ts'
import { cutText, padText, textWidth } from '../observe/text-width.ts'
import { busyShare, errorRate, rateOf } from './rates.ts'
import {
  showAgo,
  showBytes,
  showCount,
  showDuration,
  showPercent,
  showRate
} from './show-figures.ts'

/** Partitions of a source that are shown: those that are furthest behind. */
const PARTITIONS = 4
/** Errors that are shown: the latest. */
const ERRORS = 8

type Cell = string | null
interface Table {
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

/**
 * How a pipeline is, and what it did since an earlier snapshot of the same process. `columns`: of the terminal, so that each line stays
 * one; infinite where there is none. `rows`: of one that all of it has to fit into.
 */
export function renderStatus(
  now: Snapshot,
  before: Snapshot,
  columns: number,
  rows = Infinity
): string {
  const { pipeline, version, isReady, started } = now
  const up = showDuration((now.now - started) / 1000)
  const state = isReady ? 'ready' : 'NOT READY'
  const tables: Table[] = [
    troubleTable(now),
    sourceTable(now, before),
    sinkTable(now, before),
    stateTable(now),
    modelTable(now, before),
    workTable(now),
    memoryTable(now),
    letterTable(now, before)
  ]
  const shown = tables.filter(isFilled).map(renderTable)
  const errors = [errorTable(now, before)].filter(isFilled).map(renderTable)
  const busy = busyShare(now, before)
  const work = busy === null ? '' : `   busy ${showPercent(busy)}`
  const head = `${printable(`${pipeline} ${version}`)}   ${state}   up ${up}${work}\n`
  const fitting = fitRows(
    [head, ...shown].join('\n'),
    errors.map(text => `\n${text}`).join(''),
    rows
  )
  return fitting.replaceAll(/.+/g, line => cutText(line, columns))
}

function isFilled({ rows }: Table): boolean {
  return rows.length > 0
}

/** On a screen that is too low errors have up to half of it: they say what is wrong, and what is above them how much it is. */
function fitRows(text: string, errors: string, rows: number): string {
  const [lines, last] = [text, errors].map(part => part.split('\n').slice(0, -1)) as [
    string[],
    string[]
  ]
  // The last row is the cursor's.
  if (lines.length + last.length < rows) return text + errors
  const bottom = last.slice(0, Math.max(0, Math.min(Math.floor(rows / 2), rows - 3)))
  const top = lines.slice(0, Math.max(1, rows - bottom.length - 2))
  const left = lines.length + last.length - top.length - bottom.length
  return [...top, `... ${left} more lines in a window with more rows`, ...bottom, ''].join('\n')
}

/** Why something stands still. */
function troubleTable({ sources, sinks }: Snapshot): Table {
  const ends = [
    ...sources.map(source => ({ ...source, kind: 'source' })),
    ...sinks.map(sink => ({ ...sink, kind: 'sink' }))
  ]
  const rows = ends.flatMap(({ kind, name, trouble }) =>
    trouble === null ? [] : [[`${kind} ${name}`, trouble]]
  )
  return { head: ['DISCONNECTED', 'why'], rows }
}

function sourceTable(now: Snapshot, before: Snapshot): Table {
  const head = ['SOURCES', 'status', 'records/s', 'records', 'lag', 'watermark', 'rejected', 'late']
  const rows = now.sources.flatMap(source => {
    const was = before.sources.find(({ name }) => name === source.name)
    const rate = rateOf(now, before, source.records, was?.records ?? 0)
    return [
      [
        source.name,
        source.status,
        showRate(rate),
        showCount(source.records),
        showCount(source.lag),
        behind(now, source.watermark),
        showCount(source.rejected),
        showCount(source.late)
      ],
      ...partitionRows(source, now)
    ]
  })
  return { head, rows }
}

function partitionRows({ partitions }: SourceSnapshot, now: Snapshot): Cell[][] {
  if (partitions.length < 2) return []
  const worst = [...partitions].sort((a, b) => (b.lag ?? 0) - (a.lag ?? 0)).slice(0, PARTITIONS)
  const rest = partitions.length - worst.length
  const rows = worst
    .sort((a, b) => a.partition - b.partition)
    .map(({ partition, lag, watermark }): Cell[] => [
      `  partition ${partition}`,
      ...[null, null, null],
      lag === null ? '?' : showCount(lag),
      behind(now, watermark)
    ])
  return rest === 0 ? rows : [...rows, [`  and ${rest} with less lag`]]
}

function behind({ now }: Snapshot, time: number | null): Cell {
  if (time === null) return null
  const seconds = (now - time) / 1000
  return seconds < 0 ? `${showDuration(-seconds)} ahead` : showDuration(seconds)
}

function sinkTable(now: Snapshot, before: Snapshot): Table {
  const head = ['SINKS', 'status', 'records/s', 'records', 'refused', 'latency p50', 'p99']
  const rows = now.sinks.map(({ name, status, records, refused, latency }) => {
    const was = before.sinks.find(sink => sink.name === name)
    return [
      name,
      status,
      showRate(rateOf(now, before, records, was?.records ?? 0)),
      showCount(records),
      showCount(refused),
      ...quantiles(latency)
    ]
  })
  return { head, rows }
}

function quantiles(histogram: HistogramSnapshot): Cell[] {
  return [0.5, 0.99].map(share => {
    const value = quantileOf(histogram, share)
    if (value === null) return null
    // Above the last bound nothing is known.
    return `${value === histogram.bounds.at(-1) ? '> ' : ''}${showDuration(value)}`
  })
}

function stateTable({ states }: Snapshot): Table {
  const rows = states.map(({ name, kind, rows: count, bytes }) => {
    return [name, kind, showCount(count), bytes === null ? null : showBytes(bytes)]
  })
  return { head: ['STATE', 'kind', 'rows', 'in changelog'], rows }
}

function modelTable(now: Snapshot, before: Snapshot): Table {
  const rows = now.models.map(({ name, rows: count, failures, durations }) => {
    const was = before.models.find(model => model.name === name)
    return [
      name,
      showRate(rateOf(now, before, count, was?.rows ?? 0)),
      showCount(count),
      showCount(failures),
      ...quantiles(durations)
    ]
  })
  return { head: ['MODELS', 'rows/s', 'rows', 'failures', 'batch p50', 'p99'], rows }
}

function workTable({ commits, checkpoints, returns }: Snapshot): Table {
  const row = (name: string, { durations, failures }: Snapshot['commits']): Cell[] => [
    name,
    showCount(countOf(durations)),
    showCount(failures),
    ...quantiles(durations)
  ]
  const rows = [row('commits', commits)]
  if (countOf(checkpoints.durations) + checkpoints.failures > 0) {
    rows.push(row('checkpoints', checkpoints))
  }
  if (returns > 0) rows.push(['back at the last commit', showCount(returns)])
  return { head: ['BARRIERS', 'done', 'failed', 'p50', 'p99'], rows }
}

function memoryTable({ memory }: Snapshot): Table {
  const rows = memory.map(({ process, used, limit, pausedSeconds }) => [
    `process ${process}`,
    showBytes(used),
    showBytes(limit),
    showDuration(pausedSeconds)
  ])
  return { head: ['MEMORY', 'used', 'limit', 'reading waited'], rows }
}

function letterTable(now: Snapshot, before: Snapshot): Table {
  const rows = now.deadLetters.map(({ topic, records }) => {
    const was = before.deadLetters.find(one => one.topic === topic)
    return [topic, showRate(rateOf(now, before, records, was?.records ?? 0)), showCount(records)]
  })
  return { head: ['DEAD LETTERS', 'records/s', 'records'], rows }
}

function errorTable(now: Snapshot, before: Snapshot): Table {
  const head = ['ERRORS', 'count', '/s', 'last', 'where']
  const rows = now.errors.slice(0, ERRORS).map(error => {
    const { of, code, count, message, time, place, line } = error
    const where =
      place === null
        ? `${of}, line ${line}`
        : `${place.line}:${place.column} ${place.statement}: ${place.text}`
    return [
      code,
      showCount(count),
      showRate(errorRate(now, before, error)),
      showAgo(now.now - time),
      `${where}: ${message}`
    ]
  })
  return { head, rows }
}

/** Names are to the left, figures to the right. */
function renderTable({ head, rows }: Table): string {
  const all = [head, ...rows].map(row => row.map(cell => printable(cell ?? '')))
  const widths = head.map((_, k) => Math.max(...all.map(row => textWidth(row[k] ?? ''))))
  // The last column of a table of errors is text, though positions look like figures.
  const isText = head.map(
    (name, k) => name === 'where' || rows.every(row => !/^[\d.<>-]/.test(row[k] ?? ''))
  )
  return all
    .map(row => {
      const cells = head.map((_, k) =>
        padText(row[k] ?? '', widths[k]!, k === 0 || isText[k] ? 'right' : 'left')
      )
      return `${cells.join('  ').trimEnd()}\n`
    })
    .join('')
}
