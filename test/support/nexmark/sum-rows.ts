/** Adds up a column per value of another, both of whole numbers: all that is certain where windows depend on the clock. */
export function sumRows(
  rows: readonly string[],
  { by, of }: { readonly by: string; readonly of: string }
): readonly string[] {
  const sums = new Map<number, number>()
  for (const text of rows) {
    const row = JSON.parse(text) as Readonly<Record<string, number>>
    sums.set(row[by]!, (sums.get(row[by]!) ?? 0) + row[of]!)
  }
  return [...sums].map(([key, sum]) => JSON.stringify({ [by]: key, [of]: sum }))
}
