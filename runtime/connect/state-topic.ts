import { hash } from 'node:crypto'

/** All state topics of a pipeline, for its own facts first; none where nothing is kept. */
export function stateTopics(pipeline: StatefulPipeline): string[] {
  const names = stateNames(pipeline)
  return names.length === 1 ? [] : names.map(name => stateTopic(pipeline.name, name))
}

export interface StatefulPipeline {
  readonly name: string
  readonly tables: readonly { readonly name: string }[]
  readonly stages: readonly { readonly name: string }[]
}

/** What has a changelog, the pipeline's own facts first. */
export function stateNames({ tables, stages }: StatefulPipeline): string[] {
  return ['', ...[...tables, ...stages].map(({ name }) => name)]
}

/** The topic that holds the changes of a table or of a stage; that of the pipeline's own facts has the name ''. */
export function stateTopic(pipeline: string, name: string): string {
  return legal(name === '' ? `${pipeline}-state` : `${pipeline}-${name}-state`)
}

const LONGEST = 249

/** A table may have a name that no topic can have: then a hash tells it from others that look like it without those characters. */
function legal(topic: string): string {
  if (/^[\w.-]+$/.test(topic) && topic.length <= LONGEST) return topic
  const end = `-${hash('sha256', topic, 'hex').slice(0, 16)}`
  return topic.replace(/[^\w.-]/g, '_').slice(0, LONGEST - end.length) + end
}
