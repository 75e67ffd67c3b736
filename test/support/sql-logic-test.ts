/** One record of an sqllogictest file. */
export interface SqlLogicRecord {
  readonly sql: string
  /** Of the line where the record begins, from 1. */
  readonly line: number
  /** `query` gives rows, `statement` none, and `error` of either has to fail. */
  readonly expects: 'rows' | 'success' | 'error'
  /** A letter per column: T text, I integer, R number, B truth value. */
  readonly columns: string
  readonly rows: readonly string[]
}

/** The records of a file, as RisingWave's and DuckDB's runners read them; directives of the runner are left out. */
export function parseSqlLogicTest(text: string): readonly SqlLogicRecord[] {
  const lines = text.split('\n').map(line => line.trimEnd())
  const records: SqlLogicRecord[] = []
  for (let at = 0; at < lines.length; at++) {
    const head = /^(query|statement)(?:\s+(\S+))?/.exec(lines[at]!)
    if (head === null) continue
    const line = at + 1
    const sql = takeUntil(lines, at + 1, each => each === '' || each === '----')
    at += sql.length + 1
    const rows = lines[at] === '----' ? takeRows(lines, at + 1, head[2] === 'error') : []
    at += rows.length
    records.push({
      sql: sql.join('\n'),
      line,
      expects: head[2] === 'error' ? 'error' : head[1] === 'query' ? 'rows' : 'success',
      columns: head[1] === 'query' ? (head[2] ?? '') : '',
      rows
    })
  }
  return records
}

/** An error's text may have empty lines in it, and ends with two. */
function takeRows(lines: readonly string[], from: number, isError: boolean): string[] {
  return takeUntil(
    lines,
    from,
    (each, i) => each === '' && (!isError || (lines[i + 1] ?? '') === '')
  )
}

function takeUntil(
  lines: readonly string[],
  from: number,
  ends: (line: string, index: number) => boolean
): string[] {
  let to = from
  while (to < lines.length && !ends(lines[to]!, to)) to++
  return lines.slice(from, to)
}
