import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spanText } from '../../../compiler/source/index.ts'
import { parseExpression, show } from './support.ts'

function check(cases: Record<string, string>): void {
  for (const [sql, tree] of Object.entries(cases)) {
    assert.equal(show(parseExpression(sql)), tree, sql)
  }
}

test("precedence is PostgreSQL's", () => {
  check({
    'a + b * c': '(Binary + a (Binary * b c))',
    'a - b - c': '(Binary - (Binary - a b) c)',
    '2 ^ 3 ^ 2': '(Binary ^ (Binary ^ 2 3) 2)',
    '-2 ^ 2': '(Binary ^ (Unary - 2) 2)',
    '|/ a || b': '(Binary || (Unary |/ a) b)',
    'a - ||/ -b': '(Binary - a (Unary ||/ (Unary - b)))',
    '-a::INT': '(Unary - (Cast a INT false))',
    'a || b + c': '(Binary || a (Binary + b c))',
    "a ->> 'x' = 'y'": "(Binary = (Binary ->> a 'x') 'y')",
    "a -> 'x' ->> 'y'": "(Binary ->> (Binary -> a 'x') 'y')",
    'a = b IS NULL': '(Is (Binary = a b) NULL false)',
    'NOT a = b': '(Not (Binary = a b))',
    'NOT a AND b': '(Logical AND [(Not a) b])',
    'a OR b AND c': '(Logical OR [a (Logical AND [b c])])',
    '(a OR b) AND c': '(Logical AND [(Logical OR [a b]) c])',
    'a AND b AND c': '(Logical AND [a b c])'
  })
})

test('comparisons and tests', () => {
  check({
    'a != b': '(Binary <> a b)',
    'a = b LIKE c': '(Binary = a (Like b false LIKE c -))',
    "a NOT LIKE 'x' || b ESCAPE '!'": "(Like a true LIKE (Binary || 'x' b) '!')",
    'a ILIKE b': '(Like a false ILIKE b -)',
    'a SIMILAR TO b': '(Like a false SIMILAR TO b -)',
    "a ~* 'x' AND b !~ 'y'": "(Logical AND [(Binary ~* a 'x') (Binary !~ b 'y')])",
    'a BETWEEN 1 AND 2 + 3 AND b': '(Logical AND [(Between a false 1 (Binary + 2 3) false) b])',
    'a NOT BETWEEN SYMMETRIC 1 AND 2': '(Between a true 1 2 true)',
    'a IN (1, 2)': '(InList a false [1 2])',
    'a NOT IN (SELECT b)': '(InQuery a true (Select false [(SelectItem b -)] [] - [] - []))',
    'a IN ((SELECT b))': '(InQuery a false (Select false [(SelectItem b -)] [] - [] - []))',
    'a = ANY (SELECT b)': '(InQuery a (Select false [(SelectItem b -)] [] - [] - []) false)',
    'a <> ALL (SELECT b)': '(InQuery a (Select false [(SelectItem b -)] [] - [] - []) true)',
    'a < SOME (SELECT b)': '(Quantified < false a (Select false [(SelectItem b -)] [] - [] - []))',
    'a >= ALL ((SELECT b))':
      '(Binary >= a all((Subquery (Select false [(SelectItem b -)] [] - [] - []))))',
    'a IS NOT DISTINCT FROM b = c': '(DistinctFrom a (Binary = b c) true)',
    'a IS NOT TRUE': '(Is a TRUE true)',
    'a IS UNKNOWN': '(Is a UNKNOWN false)',
    'EXISTS (SELECT 1)': '(Exists (Select false [(SelectItem 1 -)] [] - [] - []))'
  })
})

test('literals', () => {
  check({
    '9007199254740993': '9007199254740993',
    '1.50e-3': '1.50e-3',
    '.5': '.5',
    "'it''s'": "'it's'",
    "E'a\\n\\u0041\\\\'": "'a\nA\\'",
    "$$it's$$": "'it's'",
    TRUE: '(BooleanLiteral true)',
    NULL: '(NullLiteral)',
    "DATE '2026-01-01'": '(TypedLiteral DATE 2026-01-01)',
    "INTERVAL '5' SECONDS": '(IntervalLiteral 5 SECOND -)',
    "INTERVAL '1 day 2 hours'": '(IntervalLiteral 1 day 2 hours - -)',
    "INTERVAL '1-2' YEAR TO MONTH": '(IntervalLiteral 1-2 YEAR MONTH)',
    'INTERVAL 10 MINUTE': '(IntervalLiteral 10 MINUTE -)',
    'ARRAY[1, 2]': '(ArrayConstructor [1 2])',
    'ARRAY[]': '(ArrayConstructor [])',
    'ARRAY[[1], []]': '(ArrayConstructor [(ArrayConstructor [1]) (ArrayConstructor [])])',
    'ROW(1)': '(RowConstructor [1])',
    '(1, 2)': '(RowConstructor [1 2])'
  })
})

test('names, fields and subscripts', () => {
  check({
    's.t.a': 's.t.a',
    's.*': '(Star s)',
    '"A b".`c`': 'A b.c',
    'a[1].b': '(FieldAccess (Subscript a 1) b)',
    'a[1:2]': '(Slice a 1 2)',
    'a[:-1][b + 1:]': '(Slice (Slice a - (Unary - 1)) (Binary + b 1) -)',
    'a[:]': '(Slice a - -)',
    'a @> b || c': '(Binary || (Binary @> a b) c)',
    'a <@ b AND a && b': '(Logical AND [(Binary <@ a b) (Binary && a b)])',
    '(a).b': '(FieldAccess a b)',
    's.f(x)': 's.f(x)',
    'a::INT[]': '(Cast a ARRAY(INT) false)',
    'a::DECIMAL(10, 2)': '(Cast a DECIMAL(10, 2) false)',
    'CAST(a AS DOUBLE PRECISION)': '(Cast a DOUBLE PRECISION false)',
    'TRY_CAST(a AS timestamp with time zone)': '(Cast a TIMESTAMP WITH TIME ZONE true)',
    'a::MAP<TEXT, MAP<TEXT, INT>>': '(Cast a MAP(TEXT, MAP(TEXT, INT)) false)',
    'a::ROW(x INT)': '(Cast a ROW(x INT) false)',
    'a::STRUCT<x INT, y STRUCT<z TEXT[]>>': '(Cast a ROW(x INT, y ROW(z ARRAY(TEXT))) false)',
    'struct < a AND struct < b': '(Logical AND [(Binary < struct a) (Binary < struct b)])'
  })
})

test('calls', () => {
  check({
    'COUNT(*)': 'COUNT((Star -))',
    'f()': 'f()',
    'left(a, 3)': 'left(a, 3)',
    'EXTRACT(hour FROM ts)': "EXTRACT('hour', ts)",
    'SUBSTRING(a FROM 2 FOR 3)': 'SUBSTRING(a, 2, 3)',
    'SUBSTRING(a FOR 3)': 'SUBSTRING(a, 1, 3)',
    'SUBSTRING(a, 2)': 'SUBSTRING(a, 2)',
    "POSITION('x' IN a)": "POSITION('x', a)",
    "POSITION('x' IN (a || b))": "POSITION('x', (Binary || a b))",
    'TRIM(a)': 'TRIM(a)',
    "TRIM(BOTH 'x' FROM a)": "btrim(a, 'x')",
    'TRIM(LEADING FROM a)': 'ltrim(a)',
    "TRIM(TRAILING FROM a, 'x')": "rtrim(a, 'x')",
    "TRIM(BOTH a, 'x')": "btrim(a, 'x')",
    'TRIM(BOTH a)': 'btrim(a)',
    'TRIM(FROM a)': 'btrim(a)',
    "TRIM(FROM a, 'x')": "btrim(a, 'x')",
    "TRIM('x' FROM a)": "btrim(a, 'x')",
    'OVERLAY(a PLACING b FROM 1 FOR 2)': 'OVERLAY(a, b, 1, 2)',
    "ts AT TIME ZONE 'UTC'": "timezone('UTC', ts)",
    CURRENT_TIMESTAMP: 'CURRENT_TIMESTAMP()',
    'f(x => 1)': 'f(x => 1)',
    'CASE a WHEN 1 THEN 2 ELSE 3 END': '(Case a [{1 2}] 3)',
    'CASE WHEN a THEN 1 END': '(Case - [{a 1}] -)'
  })
})

test('aggregates and windows', () => {
  const call = parseExpression(
    "STRING_AGG(DISTINCT a, ',' ORDER BY b DESC NULLS LAST) FILTER (WHERE c > 0)"
  )
  assert(call.kind === 'Call')
  assert.equal(call.distinct, true)
  assert.equal(show(call.orderBy), '[(SortItem b true LAST)]')
  assert.equal(show(call.filter), '(Binary > c 0)')

  const percentile = parseExpression('PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY value)')
  assert(percentile.kind === 'Call')
  assert.equal(show(percentile.withinGroup), '[(SortItem value false -)]')

  const over = parseExpression(
    'SUM(a) OVER (PARTITION BY k, l ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)'
  )
  assert(over.kind === 'Call')
  assert.equal(
    show(over.over),
    '(Over - [k l] [(SortItem ts false -)] (Frame ROWS (Preceding 2) (CurrentRow)))'
  )
  for (const [sql, shown] of [
    ['SUM(a) OVER w', '(Over w [] [] -)'],
    ['SUM(a) OVER (w ORDER BY ts)', '(Over w [] [(SortItem ts false -)] -)'],
    ['SUM(a) FILTER (WHERE b) OVER "a b"', '(Over a b [] [] -)']
  ] as const) {
    const named = parseExpression(sql)
    assert(named.kind === 'Call')
    assert.equal(show(named.over), shown)
  }
})

test('a node spans its text', () => {
  const sum = parseExpression('a +  b * 2')
  assert(sum.kind === 'Binary')
  assert.equal(spanText(sum.span), 'a +  b * 2')
  assert.equal(spanText(sum.right.span), 'b * 2')
  // Offsets count UTF-16 units, also behind characters that take two of them.
  const call = parseExpression("f('😀', é) + 1")
  assert(call.kind === 'Binary')
  assert.equal(spanText(call.left.span), "f('😀', é)")
})
