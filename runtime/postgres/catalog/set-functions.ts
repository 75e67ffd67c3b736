import { isList, type Value } from './catalog-types.ts'
import { reservedWords } from '../../functions/reserved-words.ts'
import { notAnswered } from './not-answered.ts'

/** A function that gives several rows, each of one value. */
interface SetFunction {
  /** The type of a row's value. `element`: of the items of its argument; null: it is no array. */
  readonly type: (element: string | null) => string
  /** What its column is called; absent: as the function. */
  readonly column?: string
  /** `type`: of the first argument. */
  readonly call: (args: readonly Value[], type: string) => readonly Value[]
}

/** No list that a catalogue has is as long. */
const MOST = 100_000

function series(from: number, to: number, step = 1): number[] {
  const count = step === 0 ? 0 : Math.floor((to - from) / step) + 1
  if (count > MOST) throw notAnswered('a series in it is too long')
  return Array.from({ length: Math.max(0, count) }, (_, i) => from + i * step)
}

const int4 = (): string => 'int4'

export const setFunctions: Readonly<Record<string, SetFunction>> = {
  generate_series: {
    type: int4,
    call: ([from, to, step]) => series(Number(from), Number(to), Number(step ?? 1))
  },
  // Vectors count from 0, arrays from 1.
  generate_subscripts: {
    type: int4,
    call([list], type) {
      const first = /vector$/.test(type) ? 0 : 1
      return isList(list!) ? series(first, list.length - 1 + first) : []
    }
  },
  unnest: { type: element => element ?? 'text', call: ([list]) => (isList(list!) ? list : []) },
  /** Of information_schema: each item with its place. */
  _pg_expandarray: {
    type: () => 'record',
    call: ([list]) => (isList(list!) ? list.map((item, i) => [item, i + 1]) : [])
  },
  pg_get_keywords: { type: () => 'text', column: 'word', call: () => [...reservedWords] }
}
