/** A SELECT without a source: the expressions that it computes once. */
export interface ScalarQuery {
  readonly items: readonly string[]
}

// Aggregates and functions that give rows: a SELECT with one of them is about more than one row.
const MANY_ROWS =
  /\b(generate_series|unnest|json[b]?_(array_elements|each|object_keys|agg|object_agg|populate_recordset|to_recordset)(_text)?|regexp_matches|range|count|sum|avg|min|max|string_agg|array_agg|bool_and|bool_or|every|percentile_cont|percentile_disc|mode|arg_min|arg_max|first_value|last_value|stddev\w*|var_\w+|variance|approx_\w+|row_number|rank|_pg_expandarray)\s*\(/i

/** The items of `SELECT a, b` alone; null for any other statement. */
export function scalarQuery(sql: string): ScalarQuery | null {
  const text = stripComments(sql).trim().replace(/;\s*$/, '')
  const body = /^select\s+(?!distinct\b)([\s\S]+)$/i.exec(text)?.[1]
  if (body === undefined || MANY_ROWS.test(withoutStrings(body))) return null
  const parts = splitTopLevel(body)
  if (parts.some(part => CLAUSE.test(topLevelWords(part)))) return null
  return { items: parts.map(part => part.trim().replace(ALIAS, '')) }
}

const CLAUSE = /\b(from|where|group|order|union|intersect|except|limit|offset|having|window)\b/i
const ALIAS = /\s+as\s+("[^"]+"|[a-z_]\w*)$/i

function stripComments(sql: string): string {
  return sql.replace(/('(?:[^']|'')*')|--[^\n]*/g, (_, string: string | undefined) => string ?? '')
}

function withoutStrings(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'/g, "''")
}

/** At commas outside of parentheses, brackets, braces and quotes. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = ['']
  for (const { piece, depth } of pieces(text)) {
    if (piece === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += piece
  }
  return parts
}

/** The text outside of parentheses and quotes. */
function topLevelWords(text: string): string {
  return pieces(text)
    .filter(({ depth }) => depth === 0)
    .map(({ piece }) => (/^['"]/.test(piece) ? "''" : piece))
    .join('')
}

function pieces(text: string): { readonly piece: string; readonly depth: number }[] {
  let depth = 0
  let angles = 0
  return [...text.matchAll(PIECE)].map(([piece]) => {
    const opens = /^[([{]$|<$/.test(piece) && piece !== '<'
    const closes = /^[)\]}]$/.test(piece) || (piece === '>' && angles > 0)
    if (piece.endsWith('<') && opens) angles++
    if (piece === '>' && closes) angles--
    depth += opens ? 1 : closes ? -1 : 0
    return { piece, depth: closes ? depth + 1 : depth }
  })
}

/** Strings, names in quotes, and what opens the fields of a type; else letter by letter. */
const PIECE = /'(?:[^']|'')*'|"[^"]*"|\b(?:struct|map|row|array)\s*<|[\s\S]/gi
