const SIGNS: readonly (readonly [value: number, sign: string])[] = [
  ...([
    [1000, 'M'],
    [900, 'CM'],
    [500, 'D'],
    [400, 'CD'],
    [100, 'C'],
    [90, 'XC']
  ] as const),
  ...([
    [50, 'L'],
    [40, 'XL'],
    [10, 'X'],
    [9, 'IX'],
    [5, 'V'],
    [4, 'IV'],
    [1, 'I']
  ] as const)
]

/** 1 to 3999; null: the Romans have no numeral for it. */
export function romanNumeral(value: number): string | null {
  if (!(value >= 1 && value < 4000)) return null
  let numeral = ''
  let rest = value
  for (const [worth, sign] of SIGNS) {
    for (; rest >= worth; rest -= worth) numeral += sign
  }
  return numeral
}
