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
  form('and', 'AND', 'Both are true; FALSE beside NULL is FALSE.', 'a > 1 AND b'),
  form('or', 'OR', 'One is true; TRUE beside NULL is TRUE.', 'a > 1 OR b'),
  form('not', 'NOT', 'The other truth value; NULL stays NULL.', 'NOT a'),
  form('is_null', 'IS [NOT] NULL', 'Whether there is no value.', 'a IS NULL'),
  form(
    'is_distinct',
    'IS [NOT] DISTINCT FROM',
    'Comparison where NULL equals NULL.',
    'a IS DISTINCT FROM b'
  ),
  form('in', '[NOT] IN', 'Whether a value is one of a list.', "a IN ('x', 'y')"),
  form(
    'between',
    '[NOT] BETWEEN',
    'Whether a value lies between two, both included.',
    'a BETWEEN 1 AND 5'
  ),
  form(
    'case',
    'CASE',
    'The first branch whose condition is true.',
    "CASE WHEN a > 1 THEN 'x' ELSE 'y' END"
  ),
  form('coalesce', 'coalesce(...)', 'The first argument that is not NULL.', 'coalesce(a, 0)'),
  form('nullif', 'nullif(a, b)', 'NULL where both are equal, else the first.', 'nullif(a, 0)'),
  form(
    'cast',
    'CAST',
    'A value of another type; fails where it has none. Also a::TYPE.',
    'CAST(a AS INT)'
  ),
  form('try_cast', 'TRY_CAST', 'CAST that gives NULL where it fails.', 'TRY_CAST(a AS INT)'),
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
  form('json_step_text', '->>', 'As `->`, as TEXT.', "doc ->> 'name'"),
  form(
    'predict',
    "predict('model', ...)",
    'The answer of an ONNX model for the row.',
    "predict('fraud', amount)"
  )
]
