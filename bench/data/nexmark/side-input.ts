const ROWS = 10_000

/** A row of q13's table. */
export interface SideInputRow {
  readonly key: number
  readonly value: string
}

/** 10,000 rows with their number as key and as value. */
export function sideInput(): readonly SideInputRow[] {
  return Array.from({ length: ROWS }, (_, key) => ({ key, value: String(key) }))
}
