import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse, parseOne, parseRelation, parseSelect, show } from './support.ts'

function query(text: string) {
  return parseOne('QueryStatement', text).query
}

test('set operations associate to the left, INTERSECT binds tighter', () => {
  const { body } = query('VALUES (1) UNION ALL VALUES (2) INTERSECT VALUES (3) EXCEPT VALUES (4)')
  assert.equal(
    show(body),
    '(SetOperation EXCEPT false (SetOperation UNION true (Values [[1]]) (SetOperation INTERSECT false (Values [[2]]) (Values [[3]]))) (Values [[4]]))'
  )
})

test('clauses behind the body', () => {
  const { orderBy, limit, offset, emit } = query(
    'SELECT a FROM t ORDER BY a DESC, b NULLS FIRST LIMIT 10 OFFSET 5 EMIT ON WINDOW CLOSE'
  )
  assert.equal(show(orderBy), '[(SortItem a true -) (SortItem b false FIRST)]')
  assert.equal(show(limit), '10')
  assert.equal(show(offset), '5')
  assert.equal(emit?.mode, 'ON WINDOW CLOSE')
  assert.equal(query('SELECT a FROM t EMIT CHANGES').emit?.mode, 'CHANGES')
  assert.equal(query('SELECT a FROM t').emit, null)
})

test('parentheses around queries', () => {
  assert.equal(query('(SELECT 1)').body.kind, 'Select')
  assert.equal(query('(SELECT 1 LIMIT 1) UNION (SELECT 2)').body.kind, 'SetOperation')
  const nested = query('(SELECT 1 LIMIT 1) UNION SELECT 2').body
  assert(nested.kind === 'SetOperation')
  assert.equal(nested.left.kind, 'NestedQuery')
  parse('SELECT ((SELECT 1) + 1), (((SELECT 1))), array_agg((SELECT 1) ORDER BY x)')
  parse('SELECT * FROM ((SELECT 1) UNION (SELECT 2)) t WHERE a IN ((SELECT 1) UNION SELECT 2)')
})

test('WITH', () => {
  const [table] = query('WITH a (x, y) AS (SELECT 1, 2), b AS (SELECT 3) SELECT * FROM a, b').with
  assert.equal(show(table?.columns), '[x y]')
})

test('grouping', () => {
  const shown = (groupBy: string) =>
    show(parseSelect(`SELECT 1 FROM t GROUP BY ${groupBy}`).groupBy)
  assert.equal(shown('a, b + 1'), '[(GroupBy a) (GroupBy (Binary + b 1))]')
  assert.equal(shown('(a, b)'), '[(GroupBy a) (GroupBy b)]')
  assert.equal(shown('()'), '[(GroupingSets [[]])]')
  assert.equal(shown('ROLLUP (a, b), CUBE (c)'), '[(Rollup [a b]) (Cube [c])]')
  assert.equal(shown('GROUPING SETS ((a, b), a, ())'), '[(GroupingSets [[a b] [a] []])]')
})

test('joins', () => {
  const join = (text: string) => {
    const relation = parseRelation(`a ${text}`)
    assert(relation.kind === 'JoinRelation')
    return `${relation.asof ? 'ASOF ' : ''}${relation.join} ${show(relation.on)} ${show(relation.using)}`
  }
  assert.equal(join('JOIN b ON a.k = b.k'), 'INNER (Binary = a.k b.k) []')
  assert.equal(join('INNER JOIN b USING (k, l)'), 'INNER - [k l]')
  assert.equal(join('LEFT OUTER JOIN b ON TRUE'), 'LEFT (BooleanLiteral true) []')
  assert.equal(join('RIGHT JOIN b ON TRUE'), 'RIGHT (BooleanLiteral true) []')
  assert.equal(join('FULL JOIN b ON TRUE'), 'FULL (BooleanLiteral true) []')
  assert.equal(join('CROSS JOIN b'), 'CROSS - []')
  for (const end of ['TRUE', 'FALSE', 'a.k IS NULL', 'CASE WHEN a.k THEN b.k END']) {
    assert.match(join(`JOIN b ON ${end} FULL JOIN c ON TRUE`), /^FULL /)
  }
  assert.equal(join('ASOF JOIN b ON TRUE'), 'ASOF INNER (BooleanLiteral true) []')
  assert.equal(join('LEFT ASOF JOIN b ON TRUE'), 'ASOF LEFT (BooleanLiteral true) []')
  assert.equal(join('ASOF LEFT JOIN b ON TRUE'), 'ASOF LEFT (BooleanLiteral true) []')
  const left = parseRelation('left JOIN full ON left.k = full.k')
  assert.equal(left.kind, 'JoinRelation')
})

test('the version of a table at a time', () => {
  for (const text of [
    't FOR SYSTEM_TIME AS OF e.ts AS x',
    't AS x FOR SYSTEM_TIME AS OF e.ts',
    't x FOR SYSTEM_TIME AS OF e.ts'
  ]) {
    const relation = parseRelation(text)
    assert(relation.kind === 'TableRelation')
    assert.equal(show(relation.asOf), 'e.ts')
    assert.equal(relation.alias?.name.name, 'x')
  }
})

test('windows, with and without TABLE, DESCRIPTOR and names', () => {
  const window = (text: string) => {
    const relation = parseRelation(text)
    assert(relation.kind === 'WindowRelation')
    const args = relation.args.map(({ name, value }) => `${name?.name ?? ''}:${show(value)}`)
    return `${relation.function} ${show(relation.time)} ${show(relation.partitionBy)} ${args.join(' ')}`
  }
  const minute = '(IntervalLiteral 1 MINUTE -)'
  const tumble = `TUMBLE ts [] :${minute}`
  assert.equal(window("TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)"), tumble)
  assert.equal(window("TUMBLE(t, ts, INTERVAL '1' MINUTE) w"), tumble)
  assert.equal(window("TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) AS w"), tumble)
  assert.equal(
    window(
      "HOP(DATA => TABLE t, TIMECOL => DESCRIPTOR(ts), SIZE => INTERVAL '1' MINUTE, SLIDE => INTERVAL '1' MINUTE)"
    ),
    `HOP ts [] SIZE:${minute} SLIDE:${minute}`
  )
  assert.equal(
    window("SESSION(TABLE t PARTITION BY (a, b), DESCRIPTOR(ts), INTERVAL '1' MINUTE)"),
    `SESSION ts [a b] :${minute}`
  )
  assert.equal(
    window("CUMULATE((SELECT * FROM t), ts, INTERVAL '1' MINUTE)"),
    `CUMULATE ts [] :${minute}`
  )
})

test('UNNEST and derived tables', () => {
  const unnest = parseRelation('UNNEST(a, b) WITH ORDINALITY AS u (x, y, n)')
  assert(unnest.kind === 'UnnestRelation')
  assert.equal(unnest.withOrdinality, true)
  assert.equal(show(unnest.alias?.columns), '[x y n]')
  assert.equal(parseRelation('(SELECT 1) AS d (a)').kind, 'DerivedRelation')
  assert.equal(parseRelation('t CROSS JOIN LATERAL UNNEST(t.a) u').kind, 'JoinRelation')
})
