import { pick, type Random } from '../functions/random-value.ts'

/** A query with window functions over `s`, spelled alike in both dialects. */
export interface OverQuery {
  readonly text: string
  /** What holds of the rows of which all that they wait for is there: QUALIFY of the batch engine; null: of all. */
  readonly told: string | null
}

const partitions = ['', 'PARTITION BY k ', 'PARTITION BY p ', 'PARTITION BY k, p '] as const

/** One to four window functions, in several partitions and orders, of which one may wait for rows behind it. */
export function makeOverQuery(random: Random): OverQuery {
  const calls: string[] = []
  // Only one partition may wait for rows: see over-waits-twice.
  const waits = { partition: pick(random, partitions), rows: 0 }
  for (let i = 0; i <= random(4); i++) calls.push(makeCall(random, waits))
  const items = calls.map((call, i) => `${call} AS c${i}`)
  const where = random(3) === 0 ? ' WHERE n > 0 OR t IS NULL' : ''
  const { partition, rows } = waits
  const behind = `ROWS BETWEEN 1 FOLLOWING AND ${rows} FOLLOWING`
  const told = `COUNT(*) OVER (${partition}ORDER BY ts, id ${behind}) = ${rows}`
  return {
    text: `SELECT id, ${items.join(', ')} FROM s${where}`,
    told: rows === 0 ? null : told
  }
}

type Waits = { readonly partition: string; rows: number }

/** Where rows of one time are told apart, `id` does that: the batch engine would take any order. */
function makeCall(random: Random, waits: Waits): string {
  switch (random(5)) {
    case 0:
      return makeAway(random, waits)
    case 1: {
      const rank = pick(random, ['ROW_NUMBER', 'RANK', 'DENSE_RANK'])
      const order =
        rank === 'ROW_NUMBER' ? 'ts, id' : pick(random, ['ts', 'ts, n DESC NULLS LAST', 'ts, id'])
      return `${rank}() OVER (${pick(random, partitions)}ORDER BY ${order})`
    }
    case 2:
      return makeRange(random)
    default:
      return makeRows(random, waits)
  }
}

function makeAway(random: Random, waits: Waits): string {
  const away = random(4)
  const name = pick(random, ['LAG', 'LEAD'])
  const value = pick(random, ['n, #', 'id, #', 't, #', 'n, #, -7', 'id, #, id', "t, #, 'none'"])
  const isWaiting = name === 'LEAD'
  if (isWaiting) waits.rows = Math.max(waits.rows, away)
  const partition = isWaiting ? waits.partition : pick(random, partitions)
  return `${name}(${value.replace('#', String(away))}) OVER (${partition}ORDER BY ts, id)`
}

const aggregates = [
  ...['COUNT(*)', 'COUNT(n)', 'SUM(n)', 'AVG(n)', 'MIN(n)', 'MAX(n)', 'SUM(d)', 'MIN(t)', 'MAX(t)'],
  ...['BOOL_AND(n > 0)', 'BOOL_OR(n > 1)', 'SUM(n) FILTER (WHERE t IS NOT NULL)', 'MAX(ts)']
]

function makeRows(random: Random, waits: Waits): string {
  const [start, end] = [random(10) - 6, random(10) - 6].toSorted((a, b) => a - b)
  const isUnbounded = random(4) === 0
  const last = random(3) === 0 ? 0 : end!
  const first = Math.min(start!, last)
  if (last > 0) waits.rows = Math.max(waits.rows, last)
  const partition = last > 0 ? waits.partition : pick(random, partitions)
  const called = pick(random, [
    ...aggregates,
    ...["STRING_AGG(t, '-')", 'FIRST_VALUE(n)', 'LAST_VALUE(n)', 'NTH_VALUE(n, 2)'],
    ...['FIRST_VALUE(t)', 'LAST_VALUE(id)', 'NTH_VALUE(id, 3)']
  ])
  const from = isUnbounded ? 'UNBOUNDED PRECEDING' : showBound(first, String)
  return `${called} OVER (${partition}ORDER BY ts, id ROWS BETWEEN ${from} AND ${showBound(last, String)})`
}

function makeRange(random: Random): string {
  const bounds = [random(12) - 8, random(12) - 8].toSorted((a, b) => a - b)
  const end = random(2) === 0 ? 0 : bounds[1]!
  const start = Math.min(bounds[0]!, end)
  const size = (seconds: number): string => `INTERVAL '${seconds}' SECOND`
  const from = random(3) === 0 ? 'UNBOUNDED PRECEDING' : showBound(start, size)
  // Of peers nobody knows which is the first: all have the same time.
  const called = pick(random, [...aggregates, 'FIRST_VALUE(ts)', 'LAST_VALUE(ts)'])
  const partition = pick(random, partitions)
  const frame = random(6) === 0 ? '' : ` RANGE BETWEEN ${from} AND ${showBound(end, size)}`
  return `${called} OVER (${partition}ORDER BY ts${frame})`
}

function showBound(bound: number, size: (amount: number) => string): string {
  if (bound === 0) return 'CURRENT ROW'
  return `${size(Math.abs(bound))} ${bound < 0 ? 'PRECEDING' : 'FOLLOWING'}`
}
