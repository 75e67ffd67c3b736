import { defineFunction, type FunctionEntry } from './entry.ts'

function form(name: string, symbol: string, doc: string, example: string): FunctionEntry {
  return defineFunction({
    name,
    kind: 'form',
    symbol,
    signatures: [],
    doc,
    example
  })
}

/** What looks like a function but is bound to an expression of its own kind: listed here for `miraclec functions`. */
export const forms: readonly FunctionEntry[] = [
  form('and', 'AND', 'Both are true; FALSE beside NULL is FALSE.', '1 < 2 AND 2 < 3'),
  form('or', 'OR', 'One is true; TRUE beside NULL is TRUE.', '1 > 2 OR 2 < 3'),
  form('not', 'NOT', 'The other truth value; NULL stays NULL.', 'NOT 1 > 2'),
  form('is_null', 'IS [NOT] NULL', 'Whether there is no value.', 'NULL IS NULL'),
  form(
    'is_distinct',
    'IS [NOT] DISTINCT FROM',
    'Comparison where NULL equals NULL.',
    '1 IS DISTINCT FROM NULL'
  ),
  form('in', '[NOT] IN', 'Whether a value is one of a list.', "'x' IN ('x', 'y')"),
  form(
    'between',
    '[NOT] BETWEEN',
    'Whether a value lies between two, both included.',
    '3 BETWEEN 1 AND 5'
  ),
  form(
    'case',
    'CASE',
    'The first branch whose condition is true.',
    "CASE WHEN 1 > 2 THEN 'x' ELSE 'y' END = 'y'"
  ),
  form(
    'coalesce',
    'coalesce(...)',
    'The first argument that is not NULL.',
    'coalesce(NULL, 0) = 0'
  ),
  form(
    'nullif',
    'nullif(a, b)',
    'NULL where both are equal, else the first.',
    'nullif(0, 0) IS NULL'
  ),
  form(
    'cast',
    'CAST',
    'A value of another type; fails where it has none. Also a::TYPE.',
    "CAST('42' AS INT) = 42"
  ),
  form(
    'try_cast',
    'TRY_CAST',
    'CAST that gives NULL where it fails.',
    "TRY_CAST('x' AS INT) IS NULL"
  ),
  form(
    'typeof',
    'typeof(a)',
    'The type of an expression, which is not evaluated.',
    "typeof(1) = 'INT'"
  ),
  form(
    'pg_typeof',
    'pg_typeof(a)',
    "The type by PostgreSQL's name; the expression is not evaluated.",
    "pg_typeof(1) = 'integer'"
  ),
  form(
    'date',
    'date(a)',
    'CAST to DATE, of a TEXT or a time that has a day.',
    "date('2026-01-31') = DATE '2026-01-31'"
  ),
  form(
    'json_step_text',
    '->>',
    'As `->`, as TEXT.',
    `CAST('{"name":"x"}' AS JSON) ->> 'name' = 'x'`
  ),
  form(
    'unnest',
    'UNNEST(a, ...)',
    'A row per element of arrays or JSON arrays, several side by side, in FROM (WITH ORDINALITY counts them) or as an item of SELECT.',
    "UNNEST(ARRAY['x'])"
  ),
  form(
    'predict',
    "predict('model', ...)",
    'The answer of an ONNX model for the row.',
    "predict('fraud', amount)"
  )
]
