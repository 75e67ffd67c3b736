import { countOf } from '../observe/histogram.ts'
import type { PlanNode } from '../observe/operators.ts'
import type { Snapshot } from '../observe/snapshot.ts'
import { printable } from '../observe/printable.ts'
import { cutText, padText, textWidth } from '../observe/text-width.ts'
import { rateOf } from './rates.ts'
import { showCount, showDuration, showEach, showPercent, showRate } from './show-figures.ts'
import {
  besideOperators,
  operatorWork,
  sumOfOperators,
  type Work,
  workBetween
} from './work-between.ts'

/** The plan: what it reads as, and its nodes. */
export interface AnalyzedPlan {
  readonly text: string
  readonly nodes: readonly Pick<PlanNode, 'id' | 'inputs' | 'work'>[]
}

/** With escapes: V8 reads the bundle as ASCII. */
const HEAD = /^[\u2502\u251c\u2514\u2500 ]*#(\d+) /

/**
 * The plan, before each operator what it has let through and what that took, and below it where the time went between two snapshots. For
 * a terminal of so many columns.
 */
export function renderAnalysis(
  { text, nodes }: AnalyzedPlan,
  now: Snapshot,
  before: Snapshot,
  columns = Infinity
): string {
  const work = workBetween(now, before)
  const heading = row(['rows/s', 'rows', 'time', 'per row in'])
  const lines = text.trimEnd().split('\n')
  const shown = lines.map(line => {
    const id = HEAD.exec(line)?.[1]
    const node = nodes.find(one => one.id === Number(id))
    const isShown = node !== undefined && !line.endsWith('(above)')
    const own = isShown ? figures(node, work, now, before) : ''
    return `${padText(own, heading.length, 'right')}  ${line}`
  })
  const times = renderTimes(work, now, before)
  return `${[heading, ...shown].join('\n')}\n\n${times}`.replaceAll(/.+/g, line =>
    cutText(line, columns)
  )
}

/** Figures first: titles are as long as they are. */
function row(cells: readonly string[]): string {
  return cells.map((cell, i) => cell.padStart(WIDTHS[i]!)).join('')
}
const WIDTHS = [9, 12, 9, 12]

function figures(
  node: AnalyzedPlan['nodes'][number],
  work: Work | null,
  now: Snapshot,
  before: Snapshot
): string {
  const count = rowsOf(node.id, now)
  const rate =
    count === null ? '?' : showRate(rateOf(now, before, count, rowsOf(node.id, before) ?? 0))
  const { share, each } = operatorWork(node, work, now, before) ?? { share: null, each: null }
  return row([
    rate,
    count === null ? '?' : showCount(count),
    share === null ? timeElsewhere(node) : showPercent(share),
    each === null || share === 0 ? '' : showEach(each)
  ])
}

function rowsOf(id: number, { operators }: Snapshot): number | null {
  return operators.find(one => one.id === id)?.rows ?? null
}

/** Operators of one place in the SQL can't be told apart. */
function timeElsewhere({ id, work }: AnalyzedPlan['nodes'][number]): string {
  return work === null || work === id ? '' : `in #${work}`
}

/** The whole of what was measured, as parts of one core, and what was waited for. */
function renderTimes(work: Work | null, now: Snapshot, before: Snapshot): string {
  const passed = showDuration((now.now - before.now) / 1000)
  const waited = `From begin to end, with all that was waited for:\n${renderParts(waits(now, before))}`
  if (work === null)
    return `In ${passed}. The time of operators could not be measured.\n\n${waited}`
  const of = work.processes === 1 ? 'one core' : `one core, ${work.processes} processes together`
  const shares: readonly Part[] = [
    ['operators, as above', sumOfOperators(work)],
    ...besideOperators(work)
  ]
  return `In ${passed}, of ${of}:\n${renderParts(shares)}\n${waited}`
}

/** A title, a share of the time that passed, and seconds for each of what it was done for; absent: nobody counts that. */
type Part = readonly [title: string, share: number, each?: number | null]

/** What goes on beside the work of operators: in the models' threads, in brokers. */
function waits(now: Snapshot, before: Snapshot): readonly Part[] {
  const passed = (now.now - before.now) / 1000
  const part = (title: string, seconds: number, count: number): Part => [
    title,
    seconds / passed,
    count === 0 ? null : seconds / count
  ]
  const was = <T extends { readonly name: string }>(list: readonly T[], name: string) =>
    list.find(one => one.name === name)
  return [
    ...now.models.map(({ name, durations, rows }) => {
      const earlier = was(before.models, name)
      const seconds = durations.sum - (earlier?.durations.sum ?? 0)
      return part(`model ${name}`, seconds, rows - (earlier?.rows ?? 0))
    }),
    ...now.sinks.map(({ name, busySeconds, records }) => {
      const earlier = was(before.sinks, name)
      const seconds = busySeconds - (earlier?.busySeconds ?? 0)
      return part(`handing records to ${name}`, seconds, records - (earlier?.records ?? 0))
    }),
    part(
      'barriers: flush and commit',
      now.commits.durations.sum - before.commits.durations.sum,
      countOf(now.commits.durations) - countOf(before.commits.durations)
    )
  ]
}

function renderParts(parts: readonly Part[]): string {
  const shown = parts.map(([title]) => printable(title))
  const width = Math.max(...shown.map(textWidth))
  return parts
    .map(([, share, each = null], i) => {
      const one = each === null ? '' : `${showEach(each)} each`
      const line = `${padText(shown[i]!, width, 'right')}  ${showPercent(share).padStart(8)}  ${one}`
      return `${line.trimEnd()}\n`
    })
    .join('')
}
