import { pick, type Random } from '../functions/random-value.ts'
import { values } from './scalar-type.ts'
import { type Change, columnTypes, type Row, type Step, tableNames } from './tables.ts'

const IDS = 8
const STEPS = 4

/** First both tables are filled, then rows come, change and go. */
export function makeSteps(random: Random): readonly Step[] {
  const filled = Array.from({ length: 4 + random(8) }, () => makeChange(random, 0))
  const changed = Array.from({ length: STEPS }, () =>
    Array.from({ length: 1 + random(4) }, () => makeChange(random, 3))
  )
  return [filled, ...changed]
}

/** One of `deletes` deletes a row, which need not be there; 0: none. */
function makeChange(random: Random, deletes: number): Change {
  const table = pick(random, tableNames)
  const row = deletes > 0 && random(deletes) === 0 ? null : makeRow(random)
  return { table, id: 1 + random(IDS), row }
}

function makeRow(random: Random): Row {
  return columnTypes
    .slice(1)
    .map(([, type]) => (random(6) === 0 ? null : pick(random, values[type])))
}
