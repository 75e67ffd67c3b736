/** The exact sum of integers: a number while that is exact, a bigint beyond. */
export function addInteger(sum: number | bigint, value: number | bigint): number | bigint {
  if (typeof sum === 'number' && typeof value === 'number') {
    const result = sum + value
    if (Number.isSafeInteger(result)) return result
  }
  return normal(BigInt(sum) + BigInt(value))
}

export function subtractInteger(sum: number | bigint, value: number | bigint): number | bigint {
  if (typeof sum === 'number' && typeof value === 'number') {
    const result = sum - value
    if (Number.isSafeInteger(result)) return result
  }
  return normal(BigInt(sum) - BigInt(value))
}

function normal(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}
