import type { NodeOf } from '../../compiler/ir/index.ts'
import type { Row } from './value.ts'

/** A row that was counted, with the keys that it would have alone. */
export interface SessionRow {
  readonly keys: Row
  readonly row: Row
}

/** Rows of one partition, in order of time, none a gap away from the one before it. */
export interface OracleSession {
  readonly rows: readonly SessionRow[]
  /** The keys of a row in it: its own, with those that the session gives. */
  keysOf(keys: Row): Row
  readonly end: number
}

type Aggregate = NodeOf<'Aggregate'>

/** The sessions of all rows, from the beginning. */
export function findSessions(
  node: Aggregate,
  rows: readonly SessionRow[],
  isSame: (a: Row, b: Row, keys: readonly number[]) => boolean
): OracleSession[] {
  const { partition, gap } = node.session!
  const partitions: SessionRow[][] = []
  for (const one of rows) {
    const known = partitions.find(([first]) => isSame(first!.keys, one.keys, partition))
    if (known === undefined) partitions.push([one])
    else known.push(one)
  }
  return partitions.flatMap(all => splitAtGaps(node, all)).map(all => sessionOf(node, all, gap))
}

function timeOf(node: Aggregate, { keys }: SessionRow): number {
  return Number(keys[node.session!.start])
}

function splitAtGaps(node: Aggregate, rows: readonly SessionRow[]): SessionRow[][] {
  const sessions: SessionRow[][] = []
  let last = -Infinity
  for (const row of rows.toSorted((a, b) => timeOf(node, a) - timeOf(node, b))) {
    const time = timeOf(node, row)
    if (time - last >= node.session!.gap) sessions.push([])
    sessions.at(-1)!.push(row)
    last = time
  }
  return sessions
}

function sessionOf(node: Aggregate, rows: readonly SessionRow[], gap: number): OracleSession {
  const { start, end, time } = node.session!
  const first = timeOf(node, rows[0]!)
  const last = timeOf(node, rows.at(-1)!) + gap
  const given = new Map([[start, first] as const])
  if (end !== null) given.set(end, last)
  if (time !== null) given.set(time, last - 1)
  return { rows, end: last, keysOf: keys => keys.map((key, i) => given.get(i) ?? key) }
}
