/**
 * A REAL is a number that single precision holds. This is the double with the fewest digits that rounds to it: 0.1 for
 * what single precision makes of 0.1.
 */
export function shortestReal(value: number): number {
  // Up to 2^24 integers have no shorter form; NaN and infinities have none at all.
  if ((value % 1 === 0 && Math.abs(value) <= 16777216) || !Number.isFinite(value)) return value
  // The smallest REALs have fewer than the 24 bits that make 6 digits sure.
  for (let digits = Math.abs(value) < 2 ** -126 ? 1 : 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}
