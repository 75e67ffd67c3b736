import type { TableRow } from '../contract/index.ts'
import type { CursorStep } from './cursor-command.ts'
import type { Portal } from './prepared.ts'
import { SqlStateError } from './sql-state-error.ts'

/**
 * The rows that a step over a cursor reads. A cursor stands before its first row (0), on one (from 1 on), or behind its last:
 * https://www.postgresql.org/docs/15/sql-fetch.html
 */
export function stepCursor(portal: Portal, { to, count }: CursorStep): readonly TableRow[] {
  const rows = portal.answer?.kind === 'rows' ? portal.answer.rows : []
  const behind = rows.length + 1
  const from = portal.at
  const inside = (place: number): number => Math.min(Math.max(place, 0), behind)
  if (to === 'forward' && count > 0) {
    portal.at = inside(from + count)
    return rows.slice(from, portal.at)
  }
  const wanted = {
    forward: from,
    backward: from - count,
    relative: from + count,
    absolute: count < 0 ? behind + count : count
  }
  const place = inside(wanted[to])
  if (place < from && portal.isForward === true) {
    throw new SqlStateError(
      '55000',
      'cursor can only scan forward',
      'Declare it with SCROLL option to enable backward scan.'
    )
  }
  portal.at = place
  if (to === 'backward' && count > 0) {
    return rows.slice(Math.max(place - 1, 0), Math.max(from - 1, 0)).reverse()
  }
  return rows.slice(Math.max(place - 1, 0), place)
}
