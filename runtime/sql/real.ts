/**
 * A REAL is a number that single precision holds. This is the double with the fewest digits that rounds to it: 0.1 for
 * what single precision makes of 0.1.
 */
export function shortestReal(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}
