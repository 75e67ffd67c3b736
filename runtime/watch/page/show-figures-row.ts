import { countOf, quantileOf } from '../../observe/histogram.ts'
import type { Snapshot } from '../../observe/snapshot.ts'
import { busyShare, FULLY_BUSY, rateOf } from '../rates.ts'
import { showCount, showDuration, showRate } from '../show-figures.ts'
import { byId, element, shape } from './dom.ts'
import type { Watched } from './watched.ts'

/** Values of each figure that are drawn. */
const KEPT = 90

interface Figure {
  readonly name: string
  readonly value: number | null
  readonly text: string
  readonly level: '' | 'bad' | 'warn'
}

const history = new Map<string, (number | null)[]>()

/** The few figures that say how it goes, each with its last minutes. */
export function showFigures(watched: Watched): void {
  const shown = figuresOf(watched).flatMap(({ name, value, text, level }) => {
    const values = [...(history.get(name) ?? []), value].slice(-KEPT)
    history.set(name, values)
    return [
      element(
        'div',
        {},
        element('dt', {}, name),
        element('dd', { class: level === '' ? null : level }, text, drawSpark(values))
      )
    ]
  })
  byId('figures').replaceChildren(...shown)
}

function figuresOf({ now, before }: Watched): Figure[] {
  const sum = (snapshot: Snapshot, of: (one: Snapshot) => readonly number[]): number =>
    of(snapshot).reduce((total, one) => total + one, 0)
  const rate = (of: (one: Snapshot) => readonly number[]): number | null =>
    rateOf(now, before, sum(now, of), sum(before, of))
  const recordsIn = rate(({ sources }) => sources.map(({ records }) => records))
  const recordsOut = rate(({ sinks }) => sinks.map(({ records }) => records))
  const errors = rate(one => one.errors.map(({ count }) => count))
  const lag = sum(now, ({ sources }) => sources.map(one => one.lag))
  const busy = busyShare(now, before)
  const latency = worstLatency(now, before)
  return [
    figure('records in / s', recordsIn, showRate(recordsIn)),
    figure('records out / s', recordsOut, showRate(recordsOut)),
    figure('lag', lag, showCount(lag), lag > 10_000 ? 'warn' : ''),
    figure('errors / s', errors, showRate(errors), (errors ?? 0) > 0 ? 'bad' : ''),
    figure('latency p99', latency, latency === null ? '-' : showDuration(latency)),
    figure(
      'busy',
      busy,
      busy === null ? '-' : `${Math.round(busy * 100)} %`,
      (busy ?? 0) > FULLY_BUSY ? 'warn' : ''
    )
  ]
}

function figure(
  name: string,
  value: number | null,
  text: string,
  level: Figure['level'] = ''
): Figure {
  return { name, value, text, level }
}

/** Of what was acknowledged between the snapshots; of all where that was nothing. */
function worstLatency(now: Snapshot, before: Snapshot): number | null {
  const values = now.sinks.flatMap(({ name, latency }) => {
    const was = before.sinks.find(sink => sink.name === name)?.latency
    const counts = latency.counts.map((count, i) => Math.max(0, count - (was?.counts[i] ?? 0)))
    const recent = { ...latency, counts }
    return quantileOf(countOf(recent) > 0 ? recent : latency, 0.99) ?? []
  })
  return values.length === 0 ? null : Math.max(...values)
}

function drawSpark(values: readonly (number | null)[]): SVGSVGElement {
  const known = values.map(value => value ?? 0)
  const most = Math.max(1e-9, ...known)
  const points = known.map((value, i) => `${i},${(24 - (22 * value) / most).toFixed(1)}`)
  const line = shape('polyline', { points: points.join(' '), class: 'spark' })
  return shape(
    'svg',
    { viewBox: `0 0 ${KEPT - 1} 26`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    line
  )
}
