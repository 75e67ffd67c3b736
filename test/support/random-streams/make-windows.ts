import { pick, type Random } from '../functions/random-value.ts'
import type { Both } from './both.ts'

/** The batch engine's rows that are not late for their window's end, or, without one, for themselves. */
type InTime = (relation: string, end: string | null) => string

/** A view's rows, once for each window that they are in time for: with the columns window_start and window_end. */
export function makeWindows(random: Random, from: string, keyed: boolean, inTime: InTime): Both {
  if (random(4) === 0) {
    const { ours, batch } = makeSession(random, from, keyed)
    return { ours, batch: batch(inTime(from, null)) }
  }
  const { ours, batch } = makeAligned(random, from)
  return { ours, batch: inTime(batch, 'window_end') }
}

/** Windows that begin by the clock. */
export function makeAligned(random: Random, from: string): Both {
  const offset = random(2) === 0 ? 0 : random(7)
  switch (random(3)) {
    case 0:
      return makeTumble(1 + random(9), offset, from)
    case 1: {
      const slide = 1 + random(5)
      return makeHop(slide, slide + random(12), offset, from)
    }
    default: {
      const step = 1 + random(4)
      return makeCumulate(step, step * (1 + random(4)), offset, from)
    }
  }
}

/** The last arguments of a window's function. */
function argumentsOf(from: string, offset: number, ...sizes: readonly number[]): string {
  const all = offset === 0 ? sizes : [...sizes, offset]
  return `TABLE ${from}, DESCRIPTOR(ts), ${all.map(seconds).join(', ')}`
}

function seconds(count: number | string): string {
  return `INTERVAL '${count}' SECOND`
}

function bucket(width: number, offset: number): string {
  return `time_bucket(${seconds(width)}, ts, TIMESTAMP '1970-01-01 00:00:00' + ${seconds(offset)})`
}

function makeTumble(size: number, offset: number, from: string): Both {
  const start = bucket(size, offset)
  return {
    ours: `TUMBLE(${argumentsOf(from, offset, size)})`,
    batch: `(SELECT *, ${start} AS window_start, ${start} + ${seconds(size)} AS window_end FROM ${from})`
  }
}

function makeHop(slide: number, size: number, offset: number, from: string): Both {
  const start = `${bucket(slide, offset)} - i * ${seconds(slide)}`
  const all = `SELECT *, ${start} AS window_start, ${start} + ${seconds(size)} AS window_end FROM ${from}, range(${Math.ceil(size / slide)}) AS places(i)`
  return {
    ours: `HOP(${argumentsOf(from, offset, slide, size)})`,
    batch: `(SELECT * FROM (${all}) WHERE ts < window_end)`
  }
}

function makeCumulate(step: number, size: number, offset: number, from: string): Both {
  const start = bucket(size, offset)
  const end = `${start} + (i + 1) * ${seconds(step)}`
  const all = `SELECT *, ${start} AS window_start, ${end} AS window_end FROM ${from}, range(${size / step}) AS places(i)`
  return {
    ours: `CUMULATE(${argumentsOf(from, offset, step, size)})`,
    batch: `(SELECT * FROM (${all}) WHERE ts < window_end)`
  }
}

interface Session {
  readonly ours: string
  batch(relation: string): string
}

/** Islands between gaps. */
function makeSession(random: Random, from: string, keyed: boolean): Session {
  const gap = pick(random, [1, 2, 3, 5])
  const partition = keyed ? 'PARTITION BY k' : ''
  const before = `lag(ts) OVER (${partition} ORDER BY ts)`
  const isNew = `CASE WHEN ts - ${before} < ${seconds(gap)} THEN 0 ELSE 1 END AS is_new`
  const number = `sum(is_new) OVER (${partition} ORDER BY ts RANGE UNBOUNDED PRECEDING) AS island`
  const island = keyed ? 'PARTITION BY k, island' : 'PARTITION BY island'
  const bounds = `min(ts) OVER (${island}) AS window_start, max(ts) OVER (${island}) + ${seconds(gap)} AS window_end`
  return {
    ours: `SESSION(TABLE ${from} ${partition}, DESCRIPTOR(ts), ${seconds(gap)})`,
    batch: relation =>
      `(SELECT *, ${bounds} FROM (SELECT *, ${number} FROM (SELECT *, ${isNew} FROM ${relation})))`
  }
}
