import { WrongType } from './arrow-fault.ts'
import { type ArrowVector, isValid } from './arrow-vector.ts'
import { rangeOf } from './nested-reader.ts'
import type { ReadContext } from './read-context.ts'
import { showArrowType } from './show-arrow-type.ts'

/** What is inside of the values of a vector. */
interface Inside {
  readonly vector: ArrowVector
  /** Where in it that of a row is; -1: there is none. */
  locate(row: number): number
}

/** Follows names into structs, and places into lists, the last of which is -1; null: such a field is missing. */
export function followPath(
  vector: ArrowVector,
  path: readonly (string | number)[],
  cx: ReadContext
): Inside | null {
  let inside: Inside = { vector, locate: row => row }
  for (const step of path) {
    const next = typeof step === 'number' ? element(inside, step, cx) : field(inside, step)
    if (next === null) return null
    inside = next
  }
  return inside
}

function field({ vector, locate }: Inside, name: string): Inside | null {
  const { type, children } = vector
  if (type.kind !== 'Struct') throw new WrongType(`${showArrowType(type)} around "${name}"`)
  const at = type.names.lastIndexOf(name)
  if (at < 0) return null
  return { vector: children[at]!, locate: row => present(vector, locate(row)) }
}

function element({ vector, locate }: Inside, place: number, cx: ReadContext): Inside {
  const range = rangeOf(vector, cx)
  if (range === null) throw new WrongType(`${showArrowType(vector.type)} around [${place}]`)
  return {
    vector: vector.children[0]!,
    locate(row) {
      const at = present(vector, locate(row))
      if (at < 0) return -1
      const [start, end] = range(at)
      const found = place < 0 ? end + place : start + place
      return found >= start && found < end ? found : -1
    }
  }
}

function present(vector: ArrowVector, row: number): number {
  return row >= 0 && isValid(vector, row) ? row : -1
}
