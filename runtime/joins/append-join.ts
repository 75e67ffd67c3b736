import type { AppendJoinDefinition, TableRow } from '../contract/index.ts'
import type { WaitingRow } from './side-rows.ts'
import type { JoinState, Side } from './join-state.ts'

type AppendJoin<Left extends TableRow, Right extends TableRow> = JoinState<
  Left,
  Right,
  AppendJoinDefinition<Left, Right>
>

/** A row of the left side is told with each row of the right one that it meets, and waits for those that come. */
export function joinLeft<Left extends TableRow, Right extends TableRow>(
  state: AppendJoin<Left, Right>,
  row: Left
): void {
  joinRow(state as unknown as AppendJoin<TableRow, TableRow>, 0, row)
}

export function joinRight<Left extends TableRow, Right extends TableRow>(
  state: AppendJoin<Left, Right>,
  row: Right
): void {
  joinRow(state as unknown as AppendJoin<TableRow, TableRow>, 1, row)
}

function joinRow(state: AppendJoin<TableRow, TableRow>, side: Side, row: TableRow): void {
  const { definition, sides } = state
  const { pairs } = definition
  const { keyOf, alone, counts } = side === 0 ? definition.left : definition.right
  const key = keyOf(row)
  let matches = 0
  for (let other = sides[side === 0 ? 1 : 0].first(key); other !== null; other = other.next) {
    if (!meets(definition, side, row, other.row)) continue
    matches = 1
    if (pairs) tell(definition, side, row, other.row)
    meet(state, side === 0 ? 1 : 0, other)
  }
  const isDone = key === null || (!pairs && counts && matches > 0)
  if (!isDone) state.add(side, row, key, counts ? matches : 0)
  else if (alone === (matches > 0 ? 'met' : 'unmet')) tell(definition, side, row, null)
}

function meets(
  definition: AppendJoinDefinition,
  side: Side,
  row: TableRow,
  other: TableRow
): boolean {
  return side === 0 ? definition.meets(row, other) : definition.meets(other, row)
}

/** A row that waited has met one: if that is all that matters of it, it is told by that, and leaves. */
function meet(state: AppendJoin<TableRow, TableRow>, side: Side, row: WaitingRow): void {
  const { definition } = state
  const { counts, alone } = side === 0 ? definition.left : definition.right
  if (!counts) return
  if (definition.pairs) {
    if (row.matches === 0) state.count(side, row, 1)
    return
  }
  if (alone === 'met') tell(definition, side, row.row, null)
  state.remove(side, row)
}

function tell(
  definition: AppendJoinDefinition,
  side: Side,
  row: TableRow,
  other: TableRow | null
): void {
  if (side === 0) definition.told(row, other)
  else definition.told(other, row)
}

/**
 * Rows leave that can meet no more at these watermarks; those that met none are told now, where the join tells them. Stops now and then,
 * so that others get a turn.
 */
export function* expireJoin<Left extends TableRow, Right extends TableRow>(
  join: AppendJoin<Left, Right>,
  leftMark: number,
  rightMark: number
): Generator<void> {
  const state = join as unknown as AppendJoin<TableRow, TableRow>
  const { definition } = state
  for (const side of [0, 1] as const) {
    const { alone } = side === 0 ? definition.left : definition.right
    yield* state.expire(side, side === 0 ? rightMark : leftMark, ({ row, matches }) => {
      if (alone === 'unmet' && matches === 0) tell(definition, side, row, null)
    })
  }
}
