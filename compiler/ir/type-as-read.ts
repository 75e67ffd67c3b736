import type { SqlType } from '../types/index.ts'
import type { BoundColumn } from './bound.ts'

/** What a column is when it leaves the decoder, before `fitted` makes it what the script says. */
export function typeAsRead({ from, type }: BoundColumn): SqlType {
  return from.kind === 'Metadata' ? from.type : type
}
