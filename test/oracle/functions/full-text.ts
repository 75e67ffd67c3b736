/** The shortest digits of a double, without an exponent. */
export function fullText(value: number): string {
  const match = /^(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(String(value))
  if (match === null) return String(value)
  const [, first = '', more = '', exponent] = match
  const shift = Number(exponent)
  const digits = first + more
  return shift < 0
    ? `0.${'0'.repeat(-shift - 1)}${digits}`
    : digits.padEnd(shift + 1, '0').replace(new RegExp(`^(\\d{${shift + 1}})`), '$1.')
}
