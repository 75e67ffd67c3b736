import type { RandomEvent } from '../random-events/run-ways.ts'
import { type AsOfQuery, DELAYS } from './make-as-of.ts'

/** What an event of `e` or `v` holds. */
export interface AsOfRow {
  readonly id: number
  readonly k: string | null
  readonly n: number | null
  /** Milliseconds since the epoch, or null. */
  readonly ts: number | null
}

export interface JoinedRow extends AsOfRow {
  readonly vid: number | null
  readonly vn: number | null
}

interface Version {
  readonly row: AsOfRow | null
  readonly k: string | null
  readonly from: number
}

/** The joined rows, and the ids of the events that are late: by what the language says, event by event. */
export function joinAsOf(query: AsOfQuery, events: readonly RandomEvent[]) {
  const marks = new Map<string, number>()
  const late: number[] = []
  const waiting: AsOfRow[] = []
  const versions: Version[] = []
  for (const { key, partition, timestamp, topic, value } of events) {
    const row = value as AsOfRow | null
    const time = row?.ts ?? null
    const mark = markOf(marks, topic, partition, time)
    if (topic === 'v' && query.rows !== 'events') {
      // A late one is valid from the watermark on; a delete has the time of its record.
      const from = row === null ? timestamp : time
      const k = key ?? row!.k
      if (from !== null) versions.push({ row, k, from: Math.max(from, mark) })
      continue
    }
    const isEvent = topic === 'e'
    if (!isEvent && !isAsked(query, row!)) continue
    if (time !== null && time < mark) late.push(row!.id)
    else if (isEvent) waiting.push(row!)
    else if (time !== null) versions.push({ row, k: row!.k, from: time })
  }
  return { joined: waiting.flatMap(row => joinRow(query, row, versions)), late }
}

/** The watermark of a partition, when an event has come with its time. */
function markOf(
  marks: Map<string, number>,
  topic: string,
  partition: number,
  time: number | null
): number {
  const place = `${topic} ${partition}`
  const seen = time === null ? -Infinity : time - DELAYS[topic as 'e' | 'v']
  const mark = Math.max(marks.get(place) ?? -Infinity, seen)
  marks.set(place, mark)
  return mark
}

function joinRow(query: AsOfQuery, row: AsOfRow, versions: readonly Version[]): JoinedRow[] {
  const last = lastBefore(query, row, versions)
  if (last !== null && holds(query, row, last)) return [{ ...row, vid: last.id, vn: last.n }]
  return query.isLeft ? [{ ...row, vid: null, vn: null }] : []
}

function holds({ asksMore, rows }: AsOfQuery, row: AsOfRow, last: AsOfRow): boolean {
  if (!asksMore || rows === 'events') return true
  return last.n !== null && row.n !== null && last.n + row.n > 0
}

/** Those for which the condition does not hold are no rows of the join. */
function isAsked({ asksMore, rows }: AsOfQuery, { n }: AsOfRow): boolean {
  return !asksMore || rows !== 'events' || (n !== null && n > 0)
}

/** Of those with one time the later arrival. */
function lastBefore(
  { before, isKeyed, isStrict }: AsOfQuery,
  { k, ts }: AsOfRow,
  versions: readonly Version[]
): AsOfRow | null {
  if (ts === null || (isKeyed && k === null)) return null
  const at = ts - before
  let last: Version | null = null
  for (const version of versions) {
    const isBefore = isStrict ? version.from < at : version.from <= at
    if (isBefore && (!isKeyed || version.k === k) && version.from >= (last?.from ?? -Infinity))
      last = version
  }
  return last?.row ?? null
}
