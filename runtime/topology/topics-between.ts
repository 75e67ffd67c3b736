import { tasksTopic } from '../connect/state-topic.ts'
import type { OwnTopic, PipelineDefinition, PipelineTopology } from '../contract/index.ts'

/** The topics between the parts of a script, and those by which tasks are handed out. */
export function topicsBetween(
  { name, fragments }: Pick<PipelineTopology, 'name' | 'fragments'>,
  parts: readonly PipelineDefinition[]
): readonly OwnTopic[] {
  const topics = parts
    .flatMap(({ sinks }) => sinks)
    .flatMap(({ exchange, topic }): OwnTopic[] =>
      exchange === undefined ? [] : [{ topic, what: 'exchange topic', partitions: exchange.tasks }]
    )
  const handing = fragments.flatMap(({ stage, tasks }): OwnTopic[] =>
    stage === null
      ? []
      : [{ topic: tasksTopic(name, stage), what: 'topic of tasks', partitions: tasks }]
  )
  return [...new Map([...topics, ...handing].map(one => [one.topic, one])).values()]
}
