import type { Span } from '../source/index.ts'

/** What the rows are known by that leave an operator which is no state: in the plan and in the code. */
export function operatorKey(
  kind: 'Filter' | 'Lookup' | 'Predict' | 'Project' | 'Unnest',
  { start, end }: Span
): string {
  return `${kind} ${start} ${end}`
}

/** What the rows are known by that a table or a stage tells. */
export function stateKey(name: string): string {
  return `state ${name}`
}
