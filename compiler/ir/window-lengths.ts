import { intervalParts } from './interval-parts.ts'
import type { Expr } from './scalars.ts'

/** The windows that a HOP or a CUMULATE makes, in ms: they begin at every `offset` + a multiple of `step`, or of `size`. */
export interface WindowLengths {
  readonly kind: 'hop' | 'cumulate'
  readonly step: number
  readonly size: number
  readonly offset: number
}

/** Of the array that a row is joined with for its windows; null: it is another one, or its lengths are no constants. */
export function windowLengths(array: Expr): WindowLengths | null {
  if (array.kind !== 'Call') return null
  const kind = kinds[array.function]
  if (kind === undefined) return null
  const [step, size, , offset] = array.args
  const [stepMs, sizeMs] = [lengthOf(step!), lengthOf(size!)]
  const offsetMs = offset === undefined ? 0 : lengthOf(offset)
  if (stepMs === null || sizeMs === null || offsetMs === null) return null
  return { kind, step: stepMs, size: sizeMs, offset: offsetMs }
}

const kinds: Readonly<Record<string, WindowLengths['kind']>> = {
  hop_ends: 'hop',
  cumulate_ends: 'cumulate'
}

/** Of an INTERVAL that is written out, without months, in ms; null: it is another expression. */
export function lengthOf(expr: Expr): number | null {
  if (expr.kind !== 'Literal' || expr.type.kind !== 'Interval') return null
  const parts = intervalParts(expr.value)
  return parts?.months === 0 ? parts.ms : null
}
