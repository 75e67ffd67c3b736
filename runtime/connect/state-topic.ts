import { hash } from 'node:crypto'
import type { TaskIdentity } from '../contract/index.ts'

/** All state topics of a pipeline, for its own facts first; none where nothing is kept. */
export function stateTopics(pipeline: StatefulPipeline): string[] {
  const names = stateNames(pipeline)
  return names.length === 1 ? [] : names.map(name => stateTopic(pipeline, name))
}

export interface StatefulPipeline {
  readonly name: string
  readonly tables: readonly { readonly name: string }[]
  readonly stages: readonly { readonly name: string }[]
  readonly task?: TaskIdentity
}

/** What has a changelog, the pipeline's own facts first. */
export function stateNames({ tables, stages }: StatefulPipeline): string[] {
  return ['', ...[...tables, ...stages].map(({ name }) => name)]
}

/** The topic that holds the changes of a table or of a stage; that of the pipeline's own facts has the name ''. */
export function stateTopic({ name: pipeline, task }: StatefulPipeline, name: string): string {
  if (name !== '') return legalTopic(`${pipeline}-${name}-state`)
  const facts = task === undefined ? `${pipeline}-state` : `${pipeline}-${task.stage}-tasks-state`
  return legalTopic(facts)
}

/** Holds nothing: its partitions are the tasks of a stage, which a group hands out to processes. */
export function tasksTopic(pipeline: string, stage: string): string {
  return legalTopic(`${pipeline}-${stage}-tasks`)
}

/** The partition of the state topics that is the pipeline's, and how many they have: one for each task. */
export function statePartition({ task }: StatefulPipeline): {
  readonly index: number
  readonly count: number
} {
  return task ?? { index: 0, count: 1 }
}

const LONGEST = 249

/** A table may have a name that no topic can have: then a hash tells it from others that look like it without those characters. */
export function legalTopic(topic: string): string {
  if (/^[\w.-]+$/.test(topic) && topic.length <= LONGEST) return topic
  const end = `-${hash('sha256', topic, 'hex').slice(0, 16)}`
  return topic.replace(/[^\w.-]/g, '_').slice(0, LONGEST - end.length) + end
}
