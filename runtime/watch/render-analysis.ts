import { countOf } from '../observe/histogram.ts'
import type { Snapshot } from '../observe/snapshot.ts'
import { printable } from '../observe/printable.ts'
import { padText, textWidth } from '../observe/text-width.ts'
import { rateOf } from './rates.ts'
import { showCount, showDuration, showEach, showRate } from './show-figures.ts'

/** With escapes: V8 reads the bundle as ASCII. */
const HEAD = /^[\u2502\u251c\u2514\u2500 ]*#(\d+) /
/** Titles of operators may be long: the figures stand behind those that are not. */
const WIDEST = 90

/** The plan with what each operator has let through, and below it where the time went between two snapshots. */
export function renderAnalysis(plan: string, now: Snapshot, before: Snapshot): string {
  const lines = plan.trimEnd().split('\n')
  const widths = lines.filter(line => HEAD.test(line)).map(line => textWidth(line))
  const width = Math.min(WIDEST, Math.max(0, ...widths)) + 2
  const rows = new Map(now.operators.map(({ id, rows: count }) => [id, count]))
  const was = new Map(before.operators.map(({ id, rows: count }) => [id, count]))
  const shown = lines.map(line => {
    const id = HEAD.exec(line)?.[1]
    const count = id === undefined ? undefined : rows.get(Number(id))
    if (count === undefined || line.endsWith('(above)')) return line
    return padText(line, width, 'right') + figures(count, was.get(Number(id)) ?? null, now, before)
  })
  return `${[padText('', width, 'right') + heading, ...shown].join('\n')}\n\n${renderTimes(now, before)}`
}

const heading = `${'rows/s'.padStart(11)} ${'rows'.padStart(13)}`

function figures(
  count: number | null,
  was: number | null,
  now: Snapshot,
  before: Snapshot
): string {
  const rate = count === null ? '?' : showRate(rateOf(now, before, count, was ?? 0))
  return `${rate.padStart(11)} ${(count === null ? '?' : showCount(count)).padStart(13)}`
}

/** Each part of the work, as a share of the time that has passed. */
function renderTimes(now: Snapshot, before: Snapshot): string {
  const passed = (now.now - before.now) / 1000
  const was = <T extends { readonly name: string }>(list: readonly T[], name: string) =>
    list.find(one => one.name === name)
  const parts: [string, number, number][] = [
    ...now.sources.map(({ name, busySeconds, records }): [string, number, number] => {
      const earlier = was(before.sources, name)
      const seconds = busySeconds - (earlier?.busySeconds ?? 0)
      return [`rows of ${name}, to writers and state`, seconds, records - (earlier?.records ?? 0)]
    }),
    ...now.models.map(({ name, durations, rows }): [string, number, number] => {
      const earlier = was(before.models, name)
      const seconds = durations.sum - (earlier?.durations.sum ?? 0)
      return [`  of these, waiting for model ${name}`, seconds, rows - (earlier?.rows ?? 0)]
    }),
    ['telling windows and groups', now.tellingSeconds - before.tellingSeconds, 0],
    ...now.sinks.map(({ name, busySeconds, records }): [string, number, number] => {
      const earlier = was(before.sinks, name)
      const seconds = busySeconds - (earlier?.busySeconds ?? 0)
      return [`handing records to ${name}`, seconds, records - (earlier?.records ?? 0)]
    }),
    [
      'barriers: flush and commit',
      now.commits.durations.sum - before.commits.durations.sum,
      countOf(now.commits.durations) - countOf(before.commits.durations)
    ]
  ]
  const shown = parts.map(([name]) => printable(name))
  const width = Math.max(...shown.map(textWidth))
  const lines = parts.map(([, seconds, count], i) => {
    const each = count === 0 ? '' : `${showEach(seconds / count)} each`
    const share = `${((100 * seconds) / passed).toFixed(1)} %`
    return `${padText(shown[i]!, width, 'right')}  ${share.padStart(8)}  ${each}`.trimEnd()
  })
  return `In ${showDuration(passed)}:\n${lines.join('\n')}\n`
}
