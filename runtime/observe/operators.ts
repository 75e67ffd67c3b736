import type { PipelineDefinition } from '../contract/index.ts'
import type { Metrics } from './metrics.ts'

/** A node of the plan as the pipeline carries it, as far as it is needed here. */
export interface PlanNode {
  readonly id: number
  readonly kind: string
  readonly inputs: readonly number[]
  readonly title: string
  readonly details: readonly string[]
  readonly line: number
  readonly column: number
  readonly rows:
    | { readonly of: 'source' | 'sink'; readonly name: string }
    | { readonly of: 'counter'; readonly counter: number }
    | { readonly of: 'inputs' | 'unknown' }
  /** What the rows that leave it are shown by; null: they are those of its inputs, or of a topic. */
  readonly key: string | null
  /** The operator under whose id its time is measured: itself, but where several came of one place of the SQL; null: nobody measures it. */
  readonly work: number | null
}

type Planned = Pick<PipelineDefinition, 'plan'>

const plans = new WeakMap<Planned, readonly PlanNode[]>()

/** The nodes of the plan, inputs before their readers. */
export function planNodes(definition: Planned): readonly PlanNode[] {
  const known = plans.get(definition)
  if (known !== undefined) return known
  const { nodes } = JSON.parse(definition.plan.json) as { readonly nodes: readonly PlanNode[] }
  plans.set(definition, nodes)
  return nodes
}

/** How many rows have left each operator. */
export function countOperators(
  definition: PipelineDefinition,
  { sources, sinks }: Metrics
): OperatorSnapshot[] {
  const counted = new Map<number, number | null>()
  for (const node of planNodes(definition)) counted.set(node.id, count(node))
  return [...counted].map(([id, rows]) => ({ id, rows }))

  function count({ inputs, rows }: PlanNode): number | null {
    switch (rows.of) {
      case 'source':
        return sources.find(one => one.definition.name === rows.name)?.messages ?? null
      case 'sink':
        return sinks.find(one => one.definition.name === rows.name)?.messages ?? null
      case 'counter':
        return definition.rowCounts[rows.counter] ?? null
      case 'unknown':
        return null
      case 'inputs': {
        const known = inputs.map(input => counted.get(input) ?? null)
        return known.reduce((sum, one) => (sum === null || one === null ? null : sum + one), 0)
      }
    }
  }
}
/** A node of the plan. */
export interface OperatorSnapshot {
  readonly id: number
  /** Rows that have left it, or come into it where it is a sink; null: nobody counts them. */
  readonly rows: number | null
}
