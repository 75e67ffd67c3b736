import type { NodeOf, Step, TopStage } from '../ir/index.ts'
import type { Origins } from './origins.ts'
import type { PrunedSteps } from './pruned-steps.ts'

/** What decides on a place is kept, and what is read of a row. */
export function lowerTop(
  node: NodeOf<'TopN'>,
  pruned: PrunedSteps,
  { sourcesOf, clocksOf }: Origins
): TopStage {
  const { name, top, window, emission, schema, traits, span } = node
  const input = node.inputs[0]!
  const width = input.schema.columns.length
  const { key } = input.traits
  const decisive = [...top.partition, ...top.order.map(({ column }) => column), ...(key ?? [])]
  const needed = new Set([...decisive, ...pruned.columns.filter(index => index < width)])
  const takes = [...needed].sort((a, b) => a - b)
  const at = (index: number): number => (index === width ? takes.length : takes.indexOf(index))
  const kept = { columns: takes.map(index => schema.columns[index]!) }
  const place = schema.columns.slice(width)
  return Object.freeze({
    kind: 'TopN',
    name,
    tasks: null,
    top: {
      ...top,
      partition: top.partition.map(at),
      order: top.order.map(one => ({ ...one, column: at(one.column) }))
    },
    window: window === null ? null : { ...window, column: at(window.column) },
    emission,
    retracts: input.traits.changes === 'retract',
    sources: sourcesOf(node),
    clocks: window === null ? [] : clocksOf(input, window.clock),
    kept,
    takes,
    key: traits.key === key && key !== null ? key.map(at) : null,
    schema: { columns: [...kept.columns, ...place] },
    columns: pruned.columns.map(at),
    steps: pruned.steps,
    span
  })
}

export function makeTopStep(
  { window, span }: NodeOf<'TopN'>,
  { name, takes, kept }: TopStage
): Step {
  return Object.freeze({ kind: 'TopN', stage: name, columns: takes, kept, window, span })
}
