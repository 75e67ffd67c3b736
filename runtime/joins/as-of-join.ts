import type { TableKey, TableRow } from '../contract/index.ts'
import type { AsOfState } from './as-of-state.ts'

/** A left row waits until what is valid at its time is known. */
export function joinAsOf<Left extends TableRow, Right extends TableRow>(
  state: AsOfState<Left, Right>,
  row: Left
): void {
  const { left, outer, told } = state.definition
  const key = left.keyOf(row)
  const time = left.timeOf(row)
  if (key !== null && time !== null) state.wait(row, key, time)
  else if (outer) told(row, null)
}

/** A right row is valid from its time on, or from the watermark of its partition where that is past it. */
export function addVersion<Left extends TableRow, Right extends TableRow>(
  state: AsOfState<Left, Right>,
  row: Right,
  mark: number
): void {
  const { right } = state.definition
  const key = right.keyOf(row)
  const time = right.timeOf(row)
  if (key !== null && time !== null) state.addVersion(row, key, time, mark)
}

/** The row of a key is deleted. */
export function endVersion<Left extends TableRow, Right extends TableRow>(
  state: AsOfState<Left, Right>,
  key: TableKey | null,
  time: number,
  mark: number
): void {
  if (key !== null) state.addVersion(null, key, time, mark)
}
