import type { Value } from '../value.ts'
import type { CallTypes, Twins } from './entry.ts'

export const rowTwins: Twins = {
  row: { takesNull: true, evaluate: (items: readonly Value[]) => items },
  row_field: {
    evaluate: ([row, name]: readonly [readonly Value[], string], { types }: CallTypes) => {
      const fields = types[0]!.kind === 'Row' ? types[0]!.fields : []
      return row[fields.findIndex(field => field.name === name)] ?? null
    }
  },
  arrays_zip: {
    takesNull: true,
    evaluate: (arrays: readonly (readonly Value[] | null)[]) => {
      if (arrays.every(array => array === null)) return null
      const rows: Value[][] = []
      const hasMore = (): boolean =>
        arrays.some(array => array !== null && array.length > rows.length)
      while (hasMore()) rows.push(arrays.map(array => array?.[rows.length] ?? null))
      return rows
    }
  }
}
