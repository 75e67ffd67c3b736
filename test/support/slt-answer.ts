/** What a column of a scalar query gave. */
export interface SltValue {
  readonly text: string | null
  /** As `typeof` says. */
  readonly type: string
}

/**
 * Whether a row is what the file has: NULL and (empty) by name, truth values as t and f, JSON by what it says. Columns of
 * type R and I are numbers: what sqllogictest shows of one is a double's digits, so 15 of them count.
 */
export function isExpectedRow(
  values: readonly SltValue[],
  expected: string,
  letters: string
): boolean {
  const cells = values.length === 1 ? [expected.trim()] : expected.trim().split(/\s+/)
  if (cells.length !== values.length) {
    return normal(values.map(showValue).join(' ')) === normal(expected)
  }
  return values.every((value, i) => isExpected(value, cells[i]!, letters[i] ?? 'T'))
}

function isExpected(value: SltValue, expected: string, letter: string): boolean {
  const shown = showValue(value)
  if (normal(shown) === normal(expected)) return true
  if (value.type === 'JSON') return sameJson(shown, expected)
  // PostgreSQL shows an offset of whole hours as +00, RisingWave as +00:00.
  if (value.type === 'TIMESTAMPTZ') return normal(expected.replace(/:00$/, '')) === normal(shown)
  return /[RI]/i.test(letter) && sameNumber(shown, expected)
}

function showValue({ text, type }: SltValue): string {
  if (text === null) return 'NULL'
  if (type === 'BOOLEAN') return text[0]!
  return text === '' ? '(empty)' : text
}

function normal(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}

function sameNumber(a: string, b: string): boolean {
  const [x, y] = [Number(a), Number(b)]
  if (a.trim() === '' || Number.isNaN(x) || Number.isNaN(y)) return false
  return x === y || Math.abs(x - y) <= 1e-15 * Math.abs(y)
}

function sameJson(a: string, b: string): boolean {
  try {
    return sortedJson(JSON.parse(a)) === sortedJson(JSON.parse(b))
  } catch {
    return false
  }
}

/** Members of an object have no order. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([x], [y]) => (x < y ? -1 : 1)))
      : inner
  )
}
