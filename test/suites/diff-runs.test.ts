import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareStates } from '../../compiler/commands/diff.ts'
import type { MemoryTopics } from '../../runtime/connect/memory/index.ts'
import { EnvironmentError } from '../../runtime/observe/environment-error.ts'
import { appendRecords, topicsWith, type Topics } from '../support/memory-records.ts'
import { parseRecords } from '../support/records.ts'
import { openOtherRelease, openVersion, type ScriptVersion } from '../support/script-version.ts'
import { openStateFolder } from '../support/state-folder.ts'

// What `miraclec diff` says of two scripts is what becomes of the state of the first one when the second one meets it half-way.

const EVENTS = 120
const outputs = ['out', 'users']
const START = Date.UTC(2026, 0, 1)

const source = `CREATE SOURCE e FROM KAFKA (topic = 'e') SCHEMA (k TEXT, x INT, y INT, ts TIMESTAMP, WATERMARK FOR ts AS ts);`
const of = (query: string, from = source): string =>
  `${from} CREATE SINK out TO KAFKA (topic = 'out') AS ${query};`
const groups = (items: string, rest = ''): string =>
  of(`SELECT k, ${items} FROM e ${rest} GROUP BY k EMIT CHANGES`)
const tumbling = (items: string, size: number): string =>
  of(
    `SELECT window_end, k, ${items} FROM TUMBLE(TABLE e, DESCRIPTOR(ts), INTERVAL '${size}' SECOND) GROUP BY window_end, k`
  )
const hopping = (items: string, size: number): string =>
  of(
    `SELECT window_end, k, ${items} FROM HOP(TABLE e, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '${size}' SECOND) GROUP BY window_end, k`
  )
const sessions = (items: string, gap: number): string =>
  of(
    `SELECT k, ${items}, window_start, window_end FROM SESSION(TABLE e PARTITION BY k, DESCRIPTOR(ts), INTERVAL '${gap}' SECOND) GROUP BY k, window_start, window_end`
  )
const joined = (names: readonly [string, string], seconds: number): string =>
  of(
    `SELECT a.k, a.x AS ${names[0]}, c.x AS ${names[1]} FROM e a JOIN e c ON a.y = c.y AND c.ts BETWEEN a.ts AND a.ts + INTERVAL '${seconds}' SECOND`
  )
const places = (most: number, order = 'x DESC, ts', by = '='): string =>
  of(
    `SELECT k, x, ts FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY k ORDER BY ${order}) AS place FROM e) WHERE place ${by === '=' ? '<=' : by} ${most}`
  )
const over = (items: string, from = 'e'): string => of(`SELECT ${items} FROM ${from}`)
const table = (columns: string, rest = ''): string =>
  `${source} CREATE TABLE users (${columns}, PRIMARY KEY (id));
  INSERT INTO users (id, name) VALUES (1, 'Ann'), (2, 'Bob');
  CREATE SINK out TO KAFKA (topic = 'out') AS SELECT e.k, e.x, u.name FROM e JOIN users u ON e.y = u.id;${rest}`
const takesNulls = (script: string): string =>
  script.replace('PRIMARY KEY', 'UNIQUE NULLS NOT DISTINCT')
const told = `CREATE SINK users_out TO KAFKA (topic = 'users') FROM TABLE users;`

interface Case {
  readonly title: string
  readonly before: string
  readonly after: string
}

const whole = of('SELECT COUNT(*) AS n, SUM(x) AS total FROM e EMIT CHANGES')
const packed = groups('COUNT(*) AS n, SUM(x) AS total, MAX(y) AS most, MIN(ts) AS first')
const mixed = groups("COUNT(*) AS n, STRING_AGG(k, ',') AS list")
const setting = (name: string, value: string, script: string): string =>
  `SET ${name} = ${value}; ${script}`

const cases: readonly Case[] = [
  {
    title: 'packed groups by other names',
    before: packed,
    after: of(
      'SELECT key, n * 2 AS twice, t, m, f FROM (SELECT q.k AS key, COUNT(*) AS n, SUM(q.x) AS t, MAX(q.y) AS m, MIN(q.ts) AS f FROM (SELECT * FROM e) AS q GROUP BY q.k) EMIT CHANGES'
    )
  },
  {
    title: 'packed groups become objects for an aggregate that keeps values',
    before: groups('COUNT(*) AS n'),
    after: mixed
  },
  {
    title: 'and the other way round',
    before: mixed,
    after: groups('COUNT(*) AS n')
  },
  {
    title: 'packed groups go to the disk',
    before: packed,
    after: setting('state', "'lmdb'", packed)
  },
  {
    title: 'groups on the disk get packed',
    before: setting('state', "'lmdb'", packed),
    after: packed
  },
  {
    title: 'packed groups expire from now on',
    before: packed,
    after: setting('state_ttl', "'1 hour'", packed)
  },
  {
    title: 'groups that expired get packed',
    before: setting('state_ttl', "'1 hour'", packed),
    after: packed
  },
  {
    title: 'another condition',
    before: groups('COUNT(*) AS n', 'WHERE x > 1'),
    after: groups('COUNT(*) AS n', 'WHERE x > 2')
  },
  {
    title: 'another filter',
    before: groups('COUNT(*) FILTER (WHERE x > 1) AS n'),
    after: groups('COUNT(*) FILTER (WHERE x > 2) AS n')
  },
  {
    title: 'HAVING',
    before: groups('COUNT(*) AS n'),
    after: of('SELECT k, COUNT(*) AS n FROM e GROUP BY k HAVING COUNT(*) > 3 EMIT CHANGES')
  },
  {
    title: 'aggregates in another order',
    before: groups('SUM(x) AS a, SUM(y) AS b'),
    after: groups('SUM(y) AS b, SUM(x) AS a')
  },
  {
    title: 'values in another order',
    before: groups('FIRST_VALUE(x ORDER BY y, ts) AS v'),
    after: groups('FIRST_VALUE(x ORDER BY y DESC, ts) AS v')
  },
  {
    title: 'a list in another order',
    before: groups('ARRAY_AGG(x ORDER BY y, ts) AS v'),
    after: groups('ARRAY_AGG(x ORDER BY y DESC, ts) AS v')
  },
  {
    title: 'a list with NULLs elsewhere',
    before: groups('ARRAY_AGG(x ORDER BY y, ts) AS v'),
    after: groups('ARRAY_AGG(x ORDER BY y NULLS FIRST, ts) AS v')
  },
  {
    title: 'another percentile of the same values',
    before: groups('PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY x) AS v'),
    after: groups('PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY x) AS v')
  },
  {
    title: 'a percentile from the other end',
    before: groups('PERCENTILE_CONT(0.1) WITHIN GROUP (ORDER BY x) AS v'),
    after: groups('PERCENTILE_CONT(0.1) WITHIN GROUP (ORDER BY x DESC) AS v')
  },
  {
    title: 'distinct values',
    before: groups('COUNT(DISTINCT x) AS n'),
    after: groups('COUNT(DISTINCT x) AS many')
  },
  {
    title: 'distinct no more',
    before: groups('COUNT(DISTINCT x) AS n'),
    after: groups('COUNT(x) AS n')
  },
  {
    title: 'another topic',
    before: groups('COUNT(*) AS n'),
    after: groups('COUNT(*) AS n').replace("topic = 'e'", "topic = 'f'")
  },
  {
    title: 'another part of the record',
    before: of(
      'SELECT p, COUNT(*) AS n FROM e GROUP BY p EMIT CHANGES',
      source.replace('(k', "(p TEXT METADATA FROM 'key', k")
    ),
    after: of(
      'SELECT p, COUNT(*) AS n FROM e GROUP BY p EMIT CHANGES',
      source.replace('(k', "(p TEXT METADATA FROM 'topic', k")
    )
  },
  {
    title: 'times in another unit',
    before: of(
      'SELECT k, MAX(t) AS t FROM e GROUP BY k EMIT CHANGES',
      source.replace('(k', "(t TIMESTAMP PATH '$.x', k")
    ),
    after: of(
      'SELECT k, MAX(t) AS t FROM e GROUP BY k EMIT CHANGES',
      source
        .replace('(k', "(t TIMESTAMP PATH '$.x', k")
        .replace("topic = 'e'", "topic = 'e', timestamp_unit = 'ms'")
    )
  },
  {
    title: 'windows by another name',
    before: tumbling('COUNT(*) AS n', 20),
    after: tumbling('COUNT(*) AS many', 20)
  },
  {
    title: 'longer windows',
    before: tumbling('COUNT(*) AS n', 20),
    after: tumbling('COUNT(*) AS n', 30)
  },
  {
    title: 'windows that change',
    before: tumbling('COUNT(*) AS n', 20),
    after: tumbling('COUNT(*) AS n', 20).replace(';', ';').replace(/;$/, ' EMIT CHANGES;')
  },
  {
    title: 'windows of a later watermark',
    before: tumbling('COUNT(*) AS n', 20),
    after: tumbling('COUNT(*) AS n', 20).replace('AS ts)', "AS ts - INTERVAL '7' SECOND)")
  },
  {
    title: 'slices by another name',
    before: hopping('COUNT(*) AS n', 20),
    after: hopping('COUNT(*) AS many', 20)
  },
  {
    title: 'longer windows of the same slices',
    before: hopping('COUNT(*) AS n', 20),
    after: hopping('COUNT(*) AS n', 30)
  },
  {
    title: 'slices go to the disk',
    before: hopping('COUNT(*) AS n, AVG(x) AS mean', 20),
    after: setting('state', "'lmdb'", hopping('COUNT(*) AS n, AVG(x) AS mean', 20))
  },
  {
    title: 'slices come from the disk',
    before: setting('state', "'lmdb'", hopping('COUNT(*) AS n, MAX(x) AS most', 20)),
    after: hopping('COUNT(*) AS n, MAX(x) AS most', 20)
  },
  {
    title: 'no slices any more',
    before: hopping('COUNT(*) AS n', 20),
    after: hopping('COUNT(DISTINCT x) AS n', 20)
  },
  {
    title: 'sessions by another name',
    before: sessions('COUNT(*) AS n', 4),
    after: sessions('COUNT(*) AS many', 4)
  },
  {
    title: 'sessions with another gap',
    before: sessions('COUNT(*) AS n', 4),
    after: sessions('COUNT(*) AS n', 6)
  },
  {
    title: 'sessions go to the disk',
    before: sessions('COUNT(*) AS n', 4),
    after: setting('state', "'lmdb'", sessions('COUNT(*) AS n', 4))
  },
  { title: 'a join by other names', before: joined(['b', 'c'], 10), after: joined(['d', 'e'], 10) },
  {
    title: 'a join over a longer time',
    before: joined(['b', 'c'], 10),
    after: joined(['b', 'c'], 20)
  },
  {
    title: 'a join goes to the disk',
    before: joined(['b', 'c'], 10),
    after: setting('state', "'lmdb'", joined(['b', 'c'], 10))
  },
  {
    title: 'as many places',
    before: places(2),
    after: places(2).replace('SELECT k, x, ts', 'SELECT k, x + 1 AS more, ts')
  },
  { title: 'more places', before: places(2), after: places(3) },
  {
    title: 'the last of the places',
    before: places(2),
    after: places(2, undefined, '= ').replace('place =  2', 'place = 2')
  },
  { title: 'places in another order', before: places(2), after: places(2, 'x, ts') },
  {
    title: 'places go to the disk',
    before: places(2),
    after: setting('state', "'lmdb'", places(2))
  },
  {
    title: 'window functions by other names',
    before: over(
      'k, SUM(x) OVER (PARTITION BY k ORDER BY ts) AS total, LAG(x) OVER (PARTITION BY k ORDER BY ts) AS was'
    ),
    after: over(
      'who AS k, SUM(n) OVER (PARTITION BY who ORDER BY at) AS total, LAG(n) OVER (PARTITION BY who ORDER BY at) AS was',
      '(SELECT k AS who, x AS n, ts AS at FROM e)'
    )
  },
  {
    title: 'another frame',
    before: over('k, SUM(x) OVER (ORDER BY ts ROWS 5 PRECEDING) AS total'),
    after: over('k, SUM(x) OVER (ORDER BY ts ROWS 6 PRECEDING) AS total')
  },
  {
    title: 'window functions go to the disk',
    before: over('k, SUM(x) OVER (PARTITION BY k ORDER BY ts ROWS 5 PRECEDING) AS total'),
    after: setting(
      'state',
      "'lmdb'",
      over('k, SUM(x) OVER (PARTITION BY k ORDER BY ts ROWS 5 PRECEDING) AS total')
    )
  },
  {
    title: 'groups of groups, of which the inner ones change',
    before: of(
      'SELECT n, COUNT(*) AS keys FROM (SELECT k, COUNT(*) AS n FROM e GROUP BY k) GROUP BY n'
    ),
    after: of(
      'SELECT n, COUNT(*) AS keys FROM (SELECT k, COUNT(*) AS n FROM e WHERE x > 2 GROUP BY k) GROUP BY n'
    )
  },
  {
    title: 'groups of groups by other names',
    before: of(
      'SELECT n, COUNT(*) AS keys FROM (SELECT k, COUNT(*) AS n FROM e GROUP BY k) GROUP BY n'
    ),
    after: of(
      'SELECT many, COUNT(*) AS c FROM (SELECT k AS key, COUNT(*) AS many FROM e GROUP BY k) GROUP BY many'
    )
  },
  {
    title: 'a table gets a column',
    before: table('id INT, name TEXT'),
    after: table('city TEXT, name TEXT, id INT')
  },
  {
    title: 'a table that is told gets a column',
    before: table('id INT, name TEXT', told),
    after: table('city TEXT, name TEXT, id INT', told)
  },
  {
    title: 'a table that is told gets another type',
    before: table('id INT, name TEXT', told),
    after: table('id BIGINT, name TEXT', told)
  },
  {
    title: 'NULL becomes a key',
    before: table('id INT, name TEXT', told),
    after: takesNulls(table('id INT, name TEXT', told))
  },
  {
    title: 'NULL is a key no more',
    before: takesNulls(table('id INT, name TEXT', told)).replace("(2, 'Bob')", "(NULL, 'Bob')"),
    after: table('id INT, name TEXT', told)
  },
  {
    title: 'the rows of a table go to the disk',
    before: table('id INT, name TEXT', told),
    after: setting('state', "'lmdb'", table('id INT, name TEXT', told))
  },
  {
    title: 'what is new begins empty',
    before: of('SELECT k, x FROM e'),
    after: groups('COUNT(*) AS n')
  },
  {
    title: 'into three tasks',
    before: groups('COUNT(*) AS n'),
    after: setting('parallelism', '3', groups('COUNT(*) AS n'))
  },
  {
    title: 'into one process',
    before: setting('parallelism', '3', groups('COUNT(*) AS n')),
    after: groups('COUNT(*) AS n')
  },
  {
    title: 'into two of three tasks',
    before: setting('parallelism', '3', groups('COUNT(*) AS n')),
    after: setting('parallelism', '2', groups('COUNT(*) AS n'))
  },
  { title: 'into a task of its own', before: whole, after: setting('parallelism', '3', whole) },
  {
    title: 'a task into the one process',
    before: setting('parallelism', '3', whole),
    after: whole
  },
  {
    title: 'another one beside other tasks',
    before: setting('parallelism', '3', whole),
    after: setting('parallelism', '2', whole)
  },
  {
    title: 'into a task of its own, of other rows',
    before: whole,
    after: setting('parallelism', '3', whole.replace('FROM e E', 'FROM e WHERE x > 3 E'))
  },
  {
    title: 'a table that is told, into one task',
    before: table('id INT, name TEXT', told),
    after: setting('parallelism', '3', table('id INT, name TEXT', told))
  }
]

/** Where state is, what is set for it, and whether the local disk is there again. */
const ways = [
  { way: 'by the changelogs', settings: '', hasDisk: false },
  { way: 'with the local disk', settings: '', hasDisk: true },
  { way: 'on the disk', settings: "SET state = 'lmdb'; ", hasDisk: true },
  { way: 'in tasks', settings: 'SET parallelism = 3; ', hasDisk: false }
]

for (const { title, before, after } of cases) {
  for (const { way, settings, hasDisk } of ways) {
    const name = settings.split(' ')[1]
    // It says so itself.
    if (name !== undefined && /SET (state|parallelism) /.test(before + after)) continue
    test(`${title}, ${way}`, async () => {
      const old = await openVersion(settings + before)
      const now = await openVersion(settings + after)
      const verdicts = new Set(compareStates(old, now).map(({ verdict }) => verdict))
      if (verdicts.has('rebuild')) await checkRebuild(old, now, hasDisk)
      else await checkGoingOn(old, now, verdicts.has('keep') || verdicts.has('migrate'), hasDisk)
    })
  }
}

/** Cases whose scripts say nothing of tasks, in tasks. */
for (const { title, before, after } of cases) {
  if (/SET parallelism /.test(before + after)) continue
  test(`${title}, in tasks, with rows on their way`, async () => {
    const old = await openVersion(`SET parallelism = 3; ${before}`)
    const now = await openVersion(`SET parallelism = 3; ${after}`)
    const verdicts = compareStates(old, now).map(({ verdict }) => verdict)
    if (verdicts.includes('rebuild') || verdicts.every(verdict => verdict === 'new')) return
    for (let parts = 1; parts < old.parts; parts++) await checkOnItsWay(old, now, parts)
  })
}

/** What the first parts of the script before have sent, the next one goes on with as with what it has sent itself. */
async function checkOnItsWay(old: ScriptVersion, now: ScriptVersion, parts: number): Promise<void> {
  using life = openLife(false)
  using other = openLife(false)
  await life.run(old)
  await other.run(now)
  life.goOn()
  other.goOn()
  const sent = await life.run(old, parts)
  const told = [...sent, ...(await life.run(now))].toSorted()
  assert.deepEqual(told, await other.run(now), `behind ${parts} of its parts`)
}

const sentOtherwise = [
  { title: 'groups', script: groups('COUNT(DISTINCT x) AS n') },
  { title: 'what groups come to', script: packed },
  {
    title: 'rows that leave again',
    script: of(
      'SELECT n, COUNT(*) AS keys FROM (SELECT k, COUNT(*) AS n FROM e GROUP BY k) GROUP BY n'
    )
  },
  { title: 'both sides of a join', script: joined(['b', 'c'], 10) },
  { title: 'places', script: places(2) }
]

for (const { title, script } of sentOtherwise) {
  test(`${title}, sent in another form, wait for those who can read it`, async () => {
    const old = await openVersion(`SET parallelism = 3; ${script}`)
    const now = await openOtherRelease(`SET parallelism = 3; ${script}`)
    const verdicts = new Set(compareStates(old, now).map(({ verdict }) => verdict))
    assert.deepEqual([...verdicts], ['drain'])
    using life = openLife(false)
    using other = openLife(false)
    await life.run(old)
    await other.run(old)
    life.goOn()
    other.goOn()
    const isRefused = (error: Error): boolean =>
      error instanceof EnvironmentError && /sent by another script/.test(error.message)
    await life.run(old, 1)
    await assert.rejects(life.run(now), isRefused, 'at the start')
    assert.deepEqual(await life.run(old), await other.run(old), 'none is lost')
    // Nothing is on its way.
    assert.deepEqual(await life.run(now), [])
    life.goOn()
    other.goOn()
    await life.run(old, 1)
    await assert.rejects(life.run(now), isRefused, 'when they come')
    assert.deepEqual(await life.run(old), await other.run(old), 'none is lost')
  })
}

/** It goes on as if it had been there from the start; with nothing but new states as if it had begun half-way. */
async function checkGoingOn(
  old: ScriptVersion,
  now: ScriptVersion,
  isKept: boolean,
  hasDisk: boolean
): Promise<void> {
  using disk = openLife(hasDisk)
  using other = openLife(hasDisk)
  await disk.run(old)
  if (isKept) await other.run(now)
  else other.topics.clear('e')
  disk.goOn()
  other.goOn()
  assert.deepEqual(await disk.run(now), await other.run(now))
}

async function checkRebuild(
  old: ScriptVersion,
  now: ScriptVersion,
  hasDisk: boolean
): Promise<void> {
  using life = openLife(hasDisk)
  using other = openLife(hasDisk)
  using fresh = openLife(hasDisk)
  await life.run(old)
  await other.run(old)
  life.goOn()
  other.goOn()
  await assert.rejects(life.run(now), (error: Error) => {
    assert.ok(error instanceof EnvironmentError, error.stack)
    assert.match(`${error.message} ${error.hint}`, /--rebuild-state/)
    return true
  })
  // Of a script in parts those who read may be ahead of those who refuse: what they have sent is forgotten below.
  if (now.parts === 1)
    assert.deepEqual(
      await life.run(old),
      await other.run(old),
      'who was refused has changed nothing'
    )
  await now.reset(life.topics)
  fresh.goOn()
  assert.deepEqual(await life.run(now), await fresh.run(now), 'made anew')
}

/** The topics and the disk of a pipeline, and the first half of its input. */
function openLife(hasDisk: boolean) {
  const folder = openStateFolder()
  const topics = topicsWith(half(0))
  return {
    topics,
    goOn: () => appendRecords(topics, half(1)),
    /** What the run has written, in no order. `parts`: see `runFirst`. */
    async run(version: ScriptVersion, parts?: number): Promise<readonly string[]> {
      const known = outputs.map(topic => topics.read(topic).length)
      if (parts === undefined) await version.run(topics, hasDisk ? folder.path : null)
      else await version.runFirst(topics, parts)
      return outputs.flatMap((topic, i) => written(topics, topic).slice(known[i])).toSorted()
    },
    [Symbol.dispose]: () => folder[Symbol.dispose]()
  }
}

function written(topics: MemoryTopics, topic: string): string[] {
  return topics.read(topic).map(({ key, value, headers }) => {
    const op = headers.find(header => header.key === 'miracledb.op')?.value ?? null
    return [topic, ...[key, value, op].map(bytes => bytes && Buffer.from(bytes).toString())].join(
      ' '
    )
  })
}

/** Events a second apart but for some pauses, of three keys, out of which both halves have all. */
function half(nth: number): Topics {
  const lines = Array.from({ length: EVENTS / 2 }, (_, i) => {
    const n = (nth * EVENTS) / 2 + i
    const ts = new Date(START + (n + 8 * Math.trunc(n / 25)) * 1000).toISOString()
    const value = { k: 'abc'[(n * 7) % 3], x: (n * 7) % 10, y: (n * 5) % 8, ts }
    return JSON.stringify({ key: `key ${n % 4}`, value: JSON.stringify(value) })
  })
  const records = parseRecords(lines.join('\n'))
  return new Map([
    ['e', records],
    ['f', records.slice(1)]
  ])
}
