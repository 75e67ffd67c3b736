import { tasksTopic } from '../connect/state-topic.ts'
import type { OwnTopic, PipelineDefinition } from '../contract/index.ts'

/** The topics between the parts of a script, and those by which tasks are handed out. */
export function topicsBetween(
  name: string,
  parts: readonly PipelineDefinition[]
): readonly OwnTopic[] {
  const topics = parts
    .flatMap(({ sinks }) => sinks)
    .flatMap(({ exchange, topic }): OwnTopic[] =>
      exchange === undefined ? [] : [{ topic, what: 'exchange topic', partitions: exchange.tasks }]
    )
  const handing = parts.flatMap(({ task }): OwnTopic[] =>
    task === undefined
      ? []
      : [{ topic: tasksTopic(name, task.stage), what: 'topic of tasks', partitions: task.count }]
  )
  return [...new Map([...topics, ...handing].map(one => [one.topic, one])).values()]
}
