import { legalTopic } from '../connect/state-topic.ts'
import type {
  FragmentDefinition,
  PipelineDefinition,
  PipelineTopology,
  SourceDefinition
} from '../contract/index.ts'

/** How long rows wait at most on their way to another part, in ms: nobody reads them before they are committed. */
const EXCHANGE_INTERVAL = 100

/** What one task of a fragment runs. What goes through an exchange goes exactly once: a row must not be counted twice. */
export function definePart(
  { plan, sql }: PipelineTopology,
  { stage, tasks, checksTables, isUndivided, make }: FragmentDefinition,
  index: number
): PipelineDefinition {
  if (checksTables === true) return { ...make(), plan, sql, checksTables }
  const made = withCopies({ ...withLegalTopics(make()), plan, sql })
  const isSending = made.sinks.some(({ exchange }) => exchange !== undefined)
  const sending = isSending
    ? {
        delivery: 'exactly_once' as const,
        commitInterval: Math.min(made.commitInterval, EXCHANGE_INTERVAL)
      }
    : {}
  // Statements are asked in one that reads nothing.
  const idle = made.sources.length === 0 ? { delivery: 'at_least_once' as const } : {}
  if (stage === null) return { ...made, ...sending, ...idle }
  const sources = made.sources.map(source =>
    source.exchange === undefined ? source : { ...source, partition: index }
  )
  const own = { ...made, ...sending, sources }
  return isUndivided === true ? own : { ...own, task: { stage, index, count: tasks } }
}

/** A sink may have a name that no topic can have. */
function withLegalTopics(made: PipelineDefinition): PipelineDefinition {
  const legal = <End extends { readonly topic: string; readonly exchange?: object }>(
    end: End
  ): End => (end.exchange === undefined ? end : { ...end, topic: legalTopic(end.topic) })
  return { ...made, sources: made.sources.map(legal), sinks: made.sinks.map(legal) }
}

/** What is wrong in the topic of a table is told once, by who reads it for that: every copy would tell it at every start. */
function withCopies(made: PipelineDefinition): PipelineDefinition {
  const copies = new Set(made.copies?.map(({ name }) => name))
  const sources = made.sources.map((source): SourceDefinition => {
    if (source.table === null || !copies.has(source.table)) return source
    const { onError } = source
    const isTold = onError.deadLetterTopic !== null
    return {
      ...source,
      isCopied: true,
      lateTopic: null,
      onError: isTold ? { ...onError, action: 'log', deadLetterTopic: null } : onError
    }
  })
  return { ...made, sources }
}
