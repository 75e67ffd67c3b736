import { legalTopic } from '../connect/state-topic.ts'
import type { FragmentDefinition, PipelineDefinition, PipelineTopology } from '../contract/index.ts'

/** How long rows wait at most on their way to another part, in ms: nobody reads them before they are committed. */
const EXCHANGE_INTERVAL = 100

/** What one task of a fragment runs. What goes through an exchange goes exactly once: a row must not be counted twice. */
export function definePart(
  { plan, sql }: PipelineTopology,
  { stage, tasks, make }: FragmentDefinition,
  index: number
): PipelineDefinition {
  const made = { ...withLegalTopics(make()), plan, sql }
  const isSending = made.sinks.some(({ exchange }) => exchange !== undefined)
  const sending = isSending
    ? {
        delivery: 'exactly_once' as const,
        commitInterval: Math.min(made.commitInterval, EXCHANGE_INTERVAL)
      }
    : {}
  if (stage === null) return { ...made, ...sending }
  return {
    ...made,
    ...sending,
    sources: made.sources.map(source => ({ ...source, partition: index })),
    task: { stage, index, count: tasks }
  }
}

/** A sink may have a name that no topic can have. */
function withLegalTopics(made: PipelineDefinition): PipelineDefinition {
  const legal = <End extends { readonly topic: string; readonly exchange?: object }>(
    end: End
  ): End => (end.exchange === undefined ? end : { ...end, topic: legalTopic(end.topic) })
  return { ...made, sources: made.sources.map(legal), sinks: made.sinks.map(legal) }
}
