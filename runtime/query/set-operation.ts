import type { AskedTables, TableRow } from '../contract/index.ts'
import { KeyMap } from '../state/key-map.ts'
import type { OpenInput } from './query-input.ts'
import type { QuerySet } from './query.ts'
import { firstOfItsKind, rowKey } from './row-key.ts'
import { openQuery } from './run-query.ts'

/** UNION, INTERSECT and EXCEPT: NULL equals NULL, and with ALL every row counts as often as it is there. */
export function openSet({ operator, all, left, right }: QuerySet, asked: AskedTables): OpenInput {
  const [leftRows, rightRows] = [openQuery(left, asked), openQuery(right, asked)]
  return around => {
    const [ofLeft, ofRight] = [leftRows(around), rightRows(around)]
    if (operator === 'UNION') {
      const rows = [...ofLeft, ...ofRight]
      return all ? rows : rows.filter(firstOfItsKind())
    }
    const counts = countRows(ofRight)
    const rows = ofLeft.filter(row => {
      const key = rowKey(row)
      const count = counts.get(key) ?? 0
      if (all && count > 0) counts.set(key, count - 1)
      return count > 0 === (operator === 'INTERSECT')
    })
    return all ? rows : rows.filter(firstOfItsKind())
  }
}

function countRows(rows: readonly TableRow[]): KeyMap<string, number> {
  const counts = new KeyMap<string, number>()
  for (const row of rows) {
    const key = rowKey(row)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}
