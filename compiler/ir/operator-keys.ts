import type { Span } from '../source/index.ts'
import type { Step } from './stages.ts'

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

/** What the work of a part of a source or sink is known by: of `Source` it is decoding. */
export function endKey(part: 'Source' | 'Watermark' | 'Sink', name: string): string {
  return `${part} ${name}`
}

/** What the work is known by of sending rows to a stage in tasks, and of reading them there. */
export function exchangeKey({ start, end }: Span): string {
  return `exchange ${start} ${end}`
}

/** What a step's work is known by. */
export function workKey(step: Step): string {
  if ('stage' in step) return stateKey(step.stage)
  switch (step.kind) {
    case 'Watermark':
      return endKey('Watermark', step.source.name)
    case 'Filter':
    case 'Project':
    case 'Predict':
    case 'Lookup':
    case 'Unnest':
      return operatorKey(step.kind, step.span)
    case 'Store':
      return stateKey(step.table.name)
    case 'InTime':
    case 'Combine':
      return exchangeKey(step.span)
    case 'Write':
      return step.sink.connector === 'exchange'
        ? exchangeKey(step.span)
        : endKey('Sink', step.sink.name)
  }
}
