import { pick, type Random } from '../functions/random-value.ts'
import type { Both } from './both.ts'
import { makeAligned, makeWindows } from './make-windows.ts'

/**
 * Views in their order, and a query over them. The batch engine's `s` and `r` have a column `mark` more: the watermark of the
 * event's partition, behind which it is late. Rows that come of a stage are never late again: their `mark` is NULL.
 */
export interface StreamQuery {
  readonly settings: string
  readonly views: readonly (Both & { readonly name: string })[]
  readonly query: Both
  /** Queries for the batch engine, which give the id of an event each time that it is late for a stage. */
  readonly late: readonly string[]
}

/** A query over the events of `s` and `r`: windows of filters, unions and joins, what is made of windows, and groups that change. */
export function makeStreamQuery(random: Random): StreamQuery {
  const views: (Both & { readonly name: string })[] = []
  const late: string[] = []
  const view = (both: Both): string => {
    const name = `v${views.length}`
    views.push({ name, ...both })
    return name
  }
  const retention = pick(random, [1, 2, 10, 86_400])
  const inTime = (relation: string, closes: string, times = 1): string => {
    for (let i = 0; i < times; i++) late.push(`SELECT id FROM ${relation} WHERE ${closes} <= mark`)
    return `(SELECT * FROM ${relation} WHERE mark IS NULL OR ${closes} > mark)`
  }
  const cx: MakeContext = { random, view, inTime, retention }
  const query = pick(random, [
    makeWindowed,
    makeWindowed,
    makeGroupingSets,
    makeChanging,
    makeJoined
  ])(cx)
  return { settings: `SET window_retention = '${retention} s';`, views, query, late }
}

interface MakeContext {
  readonly random: Random
  /** For how many seconds a window that is told as it changes is kept behind its end. */
  readonly retention: number
  /** Declares a view, and answers its name. */
  view(both: Both): string
  /** The rows of the batch engine's relation that come before the watermark is at `closes`; the others are late, so many times. */
  inTime(relation: string, closes: string, times?: number): string
}

/** When a row alone is late. */
const ROW_CLOSES = "ts + INTERVAL '1 millisecond'"

function same(text: string): Both {
  return { ours: text, batch: text }
}

/** The batch engine's has `mark` too. */
function marked(show: (columns: string) => string): Both {
  const columns = 'id, k, n, d, ts'
  return { ours: show(columns), batch: show(`${columns}, mark`) }
}

/** Events with the columns id, k, n, d and ts. */
function makeStream(cx: MakeContext): string {
  const { random, view } = cx
  const topic = pick(random, ['s', 'r'])
  switch (random(7)) {
    case 0:
      return view(marked(columns => `SELECT ${columns} FROM ${topic} WHERE n > 0 OR k IS NULL`))
    case 1:
      return view(marked(columns => `SELECT ${columns} FROM s UNION ALL SELECT ${columns} FROM r`))
    case 2:
    case 3:
      return view(makeIntervalJoin(cx, pick(random, ['JOIN', 'LEFT JOIN', 'RIGHT JOIN'])))
    case 4:
      return view(makeThreeWayJoin(cx))
    case 5:
      return view(makeExists(cx))
    default:
      return view(marked(columns => `SELECT ${columns} FROM ${topic}`))
  }
}

/** A join of two or three of the topics: `show` has what they are called there. */
function joined(
  { inTime }: MakeContext,
  topics: readonly ['s', 'r'] | readonly ['s', 'r', 's'],
  show: (mark: string, ...relations: readonly string[]) => string
): Both {
  return {
    ours: show('', ...topics),
    batch: show(', NULL::TIMESTAMP AS mark', ...topics.map(topic => inTime(topic, ROW_CLOSES)))
  }
}

function makeExists(cx: MakeContext): Both {
  const not = cx.random(2) === 0 ? 'NOT ' : ''
  const within = withinSeconds(cx.random, 'a', 'b')
  return joined(cx, ['s', 'r'], (mark, s, r) => {
    const inner = `SELECT 1 FROM ${r} b WHERE b.k = a.k AND ${within}`
    return `SELECT id, k, n, d, ts${mark} FROM ${s} a WHERE ${not}EXISTS (${inner})`
  })
}

/** `b` is at most some seconds away from `a`. */
function withinSeconds(random: Random, a: string, b: string): string {
  const seconds = (): string => `INTERVAL '${pick(random, ['0', '0.5', '1', '3'])}' SECOND`
  return `${b}.ts BETWEEN ${a}.ts - ${seconds()} AND ${a}.ts + ${seconds()}`
}

function makeThreeWayJoin(cx: MakeContext): Both {
  const { random } = cx
  const [first, second] = [withinSeconds(random, 'a', 'b'), withinSeconds(random, 'a', 'c')]
  const join = pick(random, ['JOIN', 'LEFT JOIN'])
  const id = '(a.id * 100 + b.id) * 100 + COALESCE(c.id, 99) AS id'
  return joined(
    cx,
    ['s', 'r', 's'],
    (mark, s, r, third) =>
      `SELECT ${id}, a.k AS k, c.n AS n, a.d AS d, a.ts AS ts${mark} FROM ${s} a JOIN ${r} b ON a.k = b.k AND ${first} ${join} ${third} c ON c.k = a.k AND ${second}`
  )
}

function makeIntervalJoin(cx: MakeContext, join: string): Both {
  const { random } = cx
  const of = (column: string): string =>
    join === 'FULL JOIN'
      ? `COALESCE(a.${column}, b.${column}) AS ${column}`
      : `${join === 'RIGHT JOIN' ? 'b' : 'a'}.${column} AS ${column}`
  const bound = withinSeconds(random, 'a', 'b')
  const more = random(3) === 0 ? ' AND a.n >= b.n' : ''
  const id = 'COALESCE(a.id, 999) * 1000 + COALESCE(b.id, 999) AS id'
  return joined(
    cx,
    ['s', 'r'],
    (mark, s, r) =>
      `SELECT ${id}, ${of('k')}, b.n AS n, a.d AS d, ${of('ts')}${mark} FROM ${s} a ${join} ${r} b ON a.k = b.k AND ${bound}${more}`
  )
}

/** What a join tells, each row once. */
function makeJoined(cx: MakeContext): Both {
  const { random, view } = cx
  const joins = ['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'FULL JOIN']
  const name = view(random(5) === 0 ? makeExists(cx) : makeIntervalJoin(cx, pick(random, joins)))
  return same(
    random(3) === 0
      ? `SELECT k, COUNT(*) AS c, SUM(n) AS total FROM ${name} GROUP BY k`
      : `SELECT id, k, n, d, ts FROM ${name}`
  )
}

const aggregates = [
  ...['COUNT(*)', 'COUNT(n)', 'SUM(n)', 'MIN(n)', 'MAX(d)', 'SUM(d)', 'AVG(n)', 'MAX(ts)'],
  ...['COUNT(DISTINCT n)', 'SUM(DISTINCT n) FILTER (WHERE d > 2)', 'COUNT(*) FILTER (WHERE n > 0)'],
  ...["STRING_AGG(CAST(id AS TEXT), ';' ORDER BY id DESC)", 'BOOL_OR(n > 2)'],
  'PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY d)'
] as const
const ordered = [
  ...['FIRST_VALUE(n ORDER BY ts, id)', 'LAST_VALUE(n ORDER BY ts, id)'],
  'LAST_VALUE(k ORDER BY n NULLS FIRST, id)'
]

function makeAggregates(random: Random): Both {
  const calls = Array.from({ length: 1 + random(3) }, () =>
    pick(random, random(4) === 0 ? ordered : aggregates)
  )
  const ours = ['COUNT(*)', ...calls].map((call, i) => `${call} AS c${i}`).join(', ')
  return { ours, batch: ours.replaceAll('_VALUE(', '(') }
}

interface Windowed {
  /** Its columns are window_start, window_end, perhaps k, c0 (a count), and so on. */
  readonly name: string
  readonly keyed: boolean
}

/** Windows of a stream, told once or as they change. */
function makeWindowedView(cx: MakeContext, from: string, changes: boolean): Windowed {
  const { random, view } = cx
  const keyed = random(3) > 0
  const kept = ` + INTERVAL '${changes ? cx.retention : 0}' SECOND`
  const windows = makeWindows(random, from, keyed, (relation, end) =>
    cx.inTime(relation, `${end ?? ROW_CLOSES}${kept}`)
  )
  const calls = makeAggregates(random)
  const keys = ['window_start', 'window_end', ...(keyed ? ['k'] : [])].join(', ')
  const having = random(4) === 0 ? ' HAVING COUNT(*) > 1' : ''
  const show = (items: string, relation: string): string =>
    `SELECT ${keys}, ${items} FROM ${relation} GROUP BY ${keys}${having}`
  const name = view({
    ours: `${show(calls.ours, windows.ours)}${changes ? ' EMIT CHANGES' : ''}`,
    batch: show(calls.batch, windows.batch)
  })
  return { name, keyed }
}

function makeWindowed(cx: MakeContext): Both {
  const { random } = cx
  const changes = random(3) === 0
  const windowed = makeWindowedView(cx, makeStream(cx), changes)
  const { keyed, name } = windowed
  switch (random(6)) {
    case 0: {
      const bucket = `time_bucket(INTERVAL '20 seconds', window_start)`
      return same(
        `SELECT ${bucket} AS b, COUNT(*) AS n, SUM(c0) AS total FROM ${name} GROUP BY ${bucket}`
      )
    }
    case 1: {
      const order = `c0 DESC${keyed ? ', k NULLS FIRST' : ''}, window_start`
      const place = `ROW_NUMBER() OVER (PARTITION BY window_end ORDER BY ${order}) AS place`
      return same(
        `SELECT window_end, window_start, c0 FROM (SELECT *, ${place} FROM ${name}) AS t WHERE place <= 2`
      )
    }
    case 2:
      return same(`SELECT c0, COUNT(*) AS n, MAX(window_end) AS last FROM ${name} GROUP BY c0`)
    case 3:
      return makeWindowJoin(cx, windowed, changes)
    default:
      return same(`SELECT * FROM ${name}`)
  }
}

/** How they are written, and how many there are. */
const sets = [
  ['ROLLUP (k, n)', 3],
  ['CUBE (k, n)', 4],
  ['CUBE (n, k)', 4],
  ['ROLLUP ((k, n))', 2],
  ['GROUPING SETS ((k, n), (k))', 2],
  ['GROUPING SETS ((k), (n), ())', 3],
  ['GROUPING SETS ((n, k), (n), ())', 3]
] as const

/** Windows of several sets of keys at once, `n` and `k` also in what is counted. A row that is late is so for each set. */
function makeGroupingSets(cx: MakeContext): Both {
  const { random, retention } = cx
  const changes = random(2) === 0
  const kept = ` + INTERVAL '${changes ? retention : 0}' SECOND`
  const windows = makeAligned(random, makeStream(cx))
  const calls = makeAggregates(random)
  const [grouping, count] = pick(random, sets)
  const having = random(4) === 0 ? ' HAVING COUNT(*) > 1' : ''
  const show = (items: string, relation: string): string =>
    `SELECT window_start, window_end, k, n, GROUPING(k, n) AS level, ${items} FROM ${relation} GROUP BY window_start, window_end, ${grouping}${having}`
  const name = cx.view({
    ours: show(calls.ours, windows.ours) + (changes ? ' EMIT CHANGES' : ''),
    batch: show(calls.batch, cx.inTime(windows.batch, `window_end${kept}`, count))
  })
  return same(
    random(3) === 0
      ? `SELECT level, c0, COUNT(*) AS c, MAX(window_end) AS last FROM ${name} GROUP BY level, c0`
      : `SELECT * FROM ${name}`
  )
}

/** Two windows meet where both have the same bounds, whatever kinds they are of. */
function makeWindowJoin(cx: MakeContext, left: Windowed, changes: boolean): Both {
  const { random } = cx
  const right = makeWindowedView(cx, makeStream(cx), changes)
  const join = pick(random, ['JOIN', 'LEFT JOIN', 'FULL JOIN'])
  const keyed = left.keyed && right.keyed ? ' AND a.k = b.k' : ''
  const items = [
    'a.window_start AS a_start, b.window_start AS b_start',
    'a.window_end AS a_end, a.c0 AS a0, b.c0 AS b0',
    ...(keyed === '' ? [] : ['a.k AS ak', 'b.k AS bk'])
  ].join(', ')
  const on = `a.window_start = b.window_start AND a.window_end = b.window_end${keyed}`
  return same(`SELECT ${items} FROM ${left.name} a ${join} ${right.name} b ON ${on}`)
}

/** What changes with each event. */
function makeChanging(cx: MakeContext): Both {
  const { random } = cx
  const from = makeStream(cx)
  const groups = (of: string): string => {
    const calls = makeAggregates(random)
    const show = (items: string): string => `SELECT k, ${items} FROM ${of} GROUP BY k`
    return cx.view({ ours: show(calls.ours), batch: show(calls.batch) })
  }
  switch (random(7)) {
    case 0:
      return same(`SELECT c0, COUNT(*) AS n FROM ${groups(from)} GROUP BY c0`)
    case 1:
      return same(`SELECT DISTINCT k, n FROM ${from}`)
    case 2: {
      const operation = pick(random, ['INTERSECT', 'EXCEPT', 'INTERSECT ALL', 'EXCEPT ALL'])
      return same(`SELECT k, n FROM ${from} ${operation} SELECT k, n FROM ${makeStream(cx)}`)
    }
    case 3: {
      const join = pick(random, ['JOIN', 'LEFT JOIN', 'FULL JOIN'])
      const [a, b] = [groups(from), groups(makeStream(cx))]
      return same(
        `SELECT a.k AS ak, b.k AS bk, a.c0 AS a0, b.c0 AS b0 FROM ${a} a ${join} ${b} b ON a.k = b.k`
      )
    }
    case 4: {
      const not = random(2) === 0 ? 'NOT ' : ''
      return same(
        `SELECT k, c0 FROM ${groups(from)} WHERE k ${not}IN (SELECT k FROM r WHERE n > 1)`
      )
    }
    case 5: {
      const rank = pick(random, ['ROW_NUMBER', 'RANK', 'DENSE_RANK'])
      const order = rank === 'ROW_NUMBER' ? 'n DESC NULLS LAST, id' : 'n DESC NULLS LAST'
      const place = `${rank}() OVER (PARTITION BY k ORDER BY ${order}) AS place`
      return same(`SELECT id, k, n FROM (SELECT *, ${place} FROM ${from}) AS t WHERE place <= 2`)
    }
    default:
      return same(`SELECT * FROM ${groups(from)}`)
  }
}
