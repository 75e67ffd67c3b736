import { js } from '../code/index.ts'
import { arrayOf, TEXT, type SqlType } from '../types/index.ts'
import { elementOf, orText } from './element-types.ts'
import { defineFunction, signature, type FunctionEntry } from './entry.ts'

/** What `row` gives: fields that are called f1, f2, as in PostgreSQL. */
function rowOf(types: readonly SqlType[]): SqlType {
  const fields = types.map((type, i) => ({ name: `f${i + 1}`, type, nullable: true }))
  return { kind: 'Row', fields }
}

export const rowFunctions: readonly FunctionEntry[] = [
  defineFunction({
    name: 'row',
    kind: 'operator',
    symbol: 'ROW(...)',
    signatures: [],
    generic: {
      shown: [{ params: 'A, B, ...', result: 'ROW(f1 A, f2 B, ...)' }],
      resolve(args) {
        const types = args.map(({ type }) => type)
        return signature(types, rowOf(types), items => js`[${items}] as readonly unknown[]`)
      }
    },
    nullRule: 'none',
    doc: 'A row of values; its fields are f1, f2, and so on. Also (a, b).',
    example: "ROW(1, 'a')"
  }),
  defineFunction({
    name: 'row_field',
    kind: 'operator',
    symbol: '(r).field',
    signatures: [],
    generic: {
      shown: [{ params: 'ROW(...)', result: 'the type of the field' }],
      resolve([row]) {
        if (row?.type.kind !== 'Row') return null
        const { fields } = row.type
        return signature(
          [row.type, TEXT],
          // Which field it is only the call knows, and so its type.
          TEXT,
          ([value], cx) => {
            const name = cx.call.args[1]!
            const index = fields.findIndex(
              field => name.kind === 'Literal' && field.name === name.value
            )
            return js`${value!}[${index}] as ${cx.type(cx.call.type, true)}`
          },
          { givesNull: true }
        )
      }
    },
    doc: 'A field of a row.',
    example: '(ROW(1, 2)).f1 = 1'
  }),
  defineFunction({
    name: 'arrays_zip',
    kind: 'function',
    signatures: [],
    generic: {
      shown: [{ params: 'A[], B[], ...', result: 'ROW(f1 A, f2 B, ...)[]' }],
      resolve(args) {
        const elements = args.map(array => orText(elementOf(array)))
        if (!elements.every(element => element !== null) || elements.length === 0) return null
        const type = arrayOf(rowOf(elements))
        return signature(elements.map(arrayOf), type, (arrays, cx) => {
          const zipped = js`${cx.use('zipArrays')}([${arrays}])`
          return cx.call.nullable ? zipped : js`${zipped}!`
        })
      }
    },
    nullRule: 'all',
    cost: 10,
    doc: 'A row for each place of several arrays, NULL where one is shorter. UNNEST(a, b) makes rows of it.',
    example: "cardinality(arrays_zip(ARRAY[1, 2], ARRAY['a'])) = 2"
  })
]
