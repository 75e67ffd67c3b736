import type { ChangingJoinDefinition, TableKey, TableRow } from '../contract/index.ts'
import { sameRow } from '../state/same-row.ts'
import type { WaitingRow } from './side-rows.ts'
import type { JoinState, Side } from './join-state.ts'

type ChangingJoin<
  Left extends TableRow = TableRow,
  Right extends TableRow = TableRow,
  Row extends TableRow = TableRow
> = JoinState<Left, Right, ChangingJoinDefinition<Left, Right, Row>>

/** A row of the left side changes: so do the rows that are made of it and of what it meets. */
export function changeLeft<Left extends TableRow, Right extends TableRow, Row extends TableRow>(
  state: ChangingJoin<Left, Right, Row>,
  before: Left | null,
  after: Left | null
): void {
  change(state as unknown as ChangingJoin, 0, before, after)
}

export function changeRight<Left extends TableRow, Right extends TableRow, Row extends TableRow>(
  state: ChangingJoin<Left, Right, Row>,
  before: Right | null,
  after: Right | null
): void {
  change(state as unknown as ChangingJoin, 1, before, after)
}

/** What a row was and what it is meet the same rows if they have one key; else the one goes, and the other comes. */
function change(
  state: ChangingJoin,
  side: Side,
  before: TableRow | null,
  after: TableRow | null
): void {
  const { left, right } = state.definition
  const { keyOf } = side === 0 ? left : right
  const keyBefore = before === null ? null : keyOf(before)
  const keyAfter = after === null ? null : keyOf(after)
  if (before !== null && after !== null && keyBefore !== keyAfter) {
    changeOf(state, side, keyBefore, before, null)
    changeOf(state, side, keyAfter, null, after)
  } else changeOf(state, side, before === null ? keyAfter : keyBefore, before, after)
}

function changeOf(
  state: ChangingJoin,
  side: Side,
  key: TableKey | null,
  before: TableRow | null,
  after: TableRow | null
): void {
  const known = before === null ? null : state.sides[side].find(key, before as never)
  // One that is not there failed when it came.
  const was = known === null && key !== null ? null : before
  const met = meetOthers(state, side, key, was, after)
  tell(state, aloneOf(state, side, was, met.before), aloneOf(state, side, after, met.after))
  if (key === null) return
  if (known !== null) state.remove(side, known)
  if (after !== null) state.add(side, after, key, countsOf(state, side) ? met.after : 0)
}

/** What becomes of the rows of the other side that it met, or meets; how many those are. */
function meetOthers(
  state: ChangingJoin,
  side: Side,
  key: TableKey | null,
  before: TableRow | null,
  after: TableRow | null
): { readonly before: number; readonly after: number } {
  const met = { before: 0, after: 0 }
  for (let other = state.sides[side === 0 ? 1 : 0].first(key); other !== null; other = other.next) {
    const did = before !== null && meets(state, side, 'met', before, other.row)
    const does = after !== null && meets(state, side, 'meets', after, other.row)
    if (did) met.before++
    if (does) met.after++
    if (did || does) tellOther(state, side, did ? before : null, does ? after : null, other)
  }
  return met
}

/** What becomes of a row of the other side by the change of one that it meets. */
function tellOther(
  state: ChangingJoin,
  side: Side,
  before: TableRow | null,
  after: TableRow | null,
  other: WaitingRow
): void {
  const otherSide = side === 0 ? 1 : 0
  const { matches, row } = other
  const now = matches + (after === null ? 0 : 1) - (before === null ? 0 : 1)
  if (countsOf(state, otherSide) && now !== matches) state.count(otherSide, other, now)
  const of = (mine: TableRow | null, met: number): TableRow | null =>
    mine !== null && state.definition.pairs
      ? pair(state, side, mine, row)
      : aloneOf(state, otherSide, row, met)
  tell(state, of(before, matches), of(after, now))
}

function countsOf({ definition }: ChangingJoin, side: Side): boolean {
  return (side === 0 ? definition.left : definition.right).counts
}

/** The row that one makes without another; null: it makes none. */
function aloneOf(
  state: ChangingJoin,
  side: Side,
  row: TableRow | null,
  matches: number
): TableRow | null {
  if (row === null) return null
  const { left, right } = state.definition
  const { alone } = side === 0 ? left : right
  return alone === (matches > 0 ? 'met' : 'unmet') ? pair(state, side, row, null) : null
}

function meets(
  { definition }: ChangingJoin,
  side: Side,
  asked: 'meets' | 'met',
  own: TableRow,
  other: TableRow
): boolean {
  return side === 0 ? definition[asked](own, other) : definition[asked](other, own)
}

function pair(
  { definition }: ChangingJoin,
  side: Side,
  own: TableRow,
  other: TableRow | null
): TableRow {
  return side === 0 ? definition.pair(own, other) : definition.pair(other, own)
}

/** A row whose key changes, as that of one which finds its other half, goes and comes. */
function tell({ definition }: ChangingJoin, before: TableRow | null, after: TableRow | null): void {
  if (sameRow(before, after)) return
  const { key } = definition
  if (before === null) definition.changed('c', before, after)
  else if (after === null) definition.changed('d', before, after)
  else if (key.every(index => sameRow([before[index]], [after[index]]))) {
    definition.changed('u', before, after)
  } else {
    definition.changed('d', before, null)
    definition.changed('c', null, after)
  }
}
