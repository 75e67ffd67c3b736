import type { SqlType } from '../../../compiler/types/index.ts'
import type { Value } from '../value.ts'
import type { CallTypes, FunctionTwin, Twins } from './entry.ts'
import { textTwins } from './text.ts'

type Lengths = number | null | readonly Lengths[]

/** Cut off as a cast does it, or fitted as a column does. */
function limit(value: Value, type: SqlType, lengths: Lengths, way: 'left' | 'fit_text'): Value {
  if (value === null || lengths === null) return value
  if (typeof lengths === 'number') {
    const { evaluate } = textTwins[way]!
    const types = { types: [type], result: type }
    const short = evaluate([value, BigInt(Math.abs(lengths))] as never, types) as string
    return lengths < 0 ? (textTwins['rtrim']!.evaluate([short] as never, types) as string) : short
  }
  const part = (item: Value, inside: SqlType, i: number): Value =>
    limit(item, inside, lengths[i]!, way)
  switch (type.kind) {
    case 'Array':
      return (value as readonly Value[]).map(item => part(item, type.element, 0))
    case 'Row':
      return (value as readonly Value[]).map((item, i) => part(item, type.fields[i]!.type, i))
    case 'Map': {
      const entries = [...(value as ReadonlyMap<string, Value>)]
      return new Map(entries.map(([key, item]) => [key, part(item, type.value, 0)]))
    }
    default:
      throw new Error(`nothing is inside of ${type.kind}`)
  }
}

const limiting = (way: 'left' | 'fit_text'): FunctionTwin => ({
  evaluate: ([value, lengths]: readonly [Value, string], { types }: CallTypes) =>
    limit(value, types[0]!, JSON.parse(lengths) as Lengths, way)
})

export const textInsideTwins: Twins = {
  cut_inside: limiting('left'),
  fit_inside: limiting('fit_text')
}
