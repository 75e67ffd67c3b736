/** What stands in FROM and gives rows once per window that they are in. */
export interface WindowTable {
  /** As scripts write it. */
  readonly name: 'TUMBLE' | 'HOP' | 'CUMULATE' | 'SESSION'
  /** The lengths that it takes behind the time, in the order of Flink. OFFSET may be left out. */
  readonly parameters: readonly string[]
  readonly doc: string
  readonly example: string
}

const ROWS =
  'Rows have window_start, window_end and window_time behind their columns; lengths may be named (`SIZE => ...`).'

function entry(
  name: WindowTable['name'],
  parameters: readonly string[],
  doc: string,
  example: string
): WindowTable {
  return Object.freeze({ name, parameters, doc: `${doc} ${ROWS}`, example })
}

function counted(call: string): string {
  return `SELECT window_start, COUNT(*) AS n FROM ${call} GROUP BY window_start, window_end`
}

/** Every one. */
export const windowTables: Readonly<Record<WindowTable['name'], WindowTable>> = {
  TUMBLE: entry(
    'TUMBLE',
    ['SIZE', 'OFFSET'],
    'Windows side by side, aligned to 1970 or as much later as OFFSET says: each row is in one.',
    counted(`TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)`)
  ),
  HOP: entry(
    'HOP',
    ['SLIDE', 'SIZE', 'OFFSET'],
    'Windows as long as SIZE that begin every SLIDE: each row is in several.',
    counted(`HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND, INTERVAL '1' MINUTE)`)
  ),
  CUMULATE: entry(
    'CUMULATE',
    ['STEP', 'SIZE', 'OFFSET'],
    'Windows that begin together and end one STEP after the other, up to SIZE: each row is in all that end behind it.',
    counted(`CUMULATE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR, INTERVAL '1' DAY)`)
  ),
  SESSION: entry(
    'SESSION',
    ['GAP'],
    'A window per run of rows, of those that PARTITION BY says, that ends when none has come for GAP: its end is the last row and GAP, and rows exactly GAP apart are in two.',
    `SELECT k, window_start, COUNT(*) AS n FROM SESSION(TABLE t PARTITION BY k, DESCRIPTOR(ts), INTERVAL '30' MINUTE) GROUP BY k, window_start, window_end`
  )
}

/** How one is written: `TUMBLE (TABLE t, DESCRIPTOR(ts), SIZE [, OFFSET])`. */
export function showWindowTable({ name, parameters }: WindowTable): string {
  const rows = name === 'SESSION' ? 'TABLE t [PARTITION BY k, ...]' : 'TABLE t'
  const lengths = parameters.map(parameter =>
    parameter === 'OFFSET' ? ' [, OFFSET]' : `, ${parameter}`
  )
  return `${name} (${rows}, DESCRIPTOR(ts)${lengths.join('')})`
}
