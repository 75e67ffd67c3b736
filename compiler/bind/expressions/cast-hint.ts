import { canCast, type SqlType } from '../../types/index.ts'

/** What to do about operands that an operator does not take together; null where no cast helps. */
export function castHint(operands: readonly SqlType[]): string | null {
  const [left, right] = operands
  if (left === undefined) return null
  if (right === undefined) return canCast(left, { kind: 'Double' }) ? 'Cast it to a number.' : null
  if (left.kind === 'Json' || right.kind === 'Json') {
    return 'Cast JSON to the type that it holds, as in CAST(... AS DOUBLE).'
  }
  const fits = left.kind !== right.kind && (canCast(left, right) || canCast(right, left))
  return fits ? 'Cast one of them to the type of the other.' : null
}
