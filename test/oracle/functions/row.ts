import type { Value } from '../value.ts'
import type { CallTypes, Twins } from './entry.ts'

export const rowTwins: Twins = {
  row: { takesNull: true, evaluate: (items: readonly Value[]) => items },
  row_field: {
    evaluate: ([row, name]: readonly [readonly Value[], string], { types }: CallTypes) => {
      const fields = types[0]!.kind === 'Row' ? types[0]!.fields : []
      return row[fields.findIndex(field => field.name === name)] ?? null
    }
  }
}
