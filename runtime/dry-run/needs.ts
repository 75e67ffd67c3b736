import { stateTopics, statePartition } from '../connect/state-topic.ts'
import { isStateful, transactionalId } from '../connect/kafka/transaction-config.ts'
import type { OwnTopic, PipelineDefinition } from '../contract/index.ts'

/** A topic that a pipeline reads or writes. */
export interface NeededTopic {
  readonly topic: string
  readonly what: string
  /** 'source "orders"'. */
  readonly of: string
  readonly operations: readonly ('Read' | 'Write')[]
  /** Who makes it where it is not there: somebody else, the brokers if they do, or the pipeline. */
  readonly maker: 'others' | 'brokers' | 'pipeline'
  /** How many it has to have; 0: any number. */
  readonly partitions: number
}

/** What the clients of a pipeline on the same brokers, with the same login, need. */
export interface Needs {
  readonly topics: readonly NeededTopic[]
  readonly groups: readonly { readonly group: string; readonly of: string }[]
  readonly transactionalIds: readonly string[]
}

/** Of a part of a script, by source and sink; `own`: what it has for itself is on the brokers of the first of them. */
export function needsOf(part: PipelineDefinition): {
  readonly ends: ReadonlyMap<string, Needs>
  readonly own: Needs
} {
  const ends = new Map<string, Needs>()
  const dead = (topics: readonly (string | null)[], of: string): NeededTopic[] =>
    topics.flatMap(topic =>
      topic === null ? [] : [made(topic, 'dead-letter topic', of, ['Write'], 0)]
    )
  for (const source of part.sources) {
    const { name, topic, groupId, onError, lateTopic, exchange, partition, isCopied } = source
    // Who reads the topic of a table for all who have copies of it needs what they do, and more.
    if (exchange !== undefined || isCopied === true) continue
    const of = `source "${name}"`
    ends.set(of, {
      topics: [
        { topic, what: 'topic', of, operations: ['Read'], maker: 'others', partitions: 0 },
        ...dead([...new Set([onError.deadLetterTopic, lateTopic])], of)
      ],
      groups: partition === undefined ? [{ group: groupId, of }] : [],
      transactionalIds: []
    })
  }
  for (const { name, topic, connector, onError } of part.sinks) {
    if (connector !== 'kafka') continue
    const of = `sink "${name}"`
    ends.set(of, {
      topics: [
        { topic, what: 'topic', of, operations: ['Write'], maker: 'brokers', partitions: 0 },
        ...dead([onError.deadLetterTopic], of)
      ],
      groups: [],
      transactionalIds: []
    })
  }
  const { count } = statePartition(part)
  const isTransactional = isStateful(part) || part.delivery === 'exactly_once'
  const own = {
    topics: stateTopics(part).map(topic =>
      made(topic, 'state topic', 'the pipeline', ['Read', 'Write'], part.task ? count : 0)
    ),
    groups: [],
    transactionalIds: isTransactional ? [transactionalId(part)] : []
  }
  return { ends, own }
}

export function between(topics: readonly OwnTopic[]): readonly NeededTopic[] {
  return topics.map(({ topic, what, partitions }) =>
    made(topic, what, 'the pipeline', ['Read', 'Write'], partitions)
  )
}

function made(
  topic: string,
  what: string,
  of: string,
  operations: NeededTopic['operations'],
  partitions: number
): NeededTopic {
  return { topic, what, of, operations, maker: 'pipeline', partitions }
}
