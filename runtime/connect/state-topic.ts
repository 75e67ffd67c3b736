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
  return name === '' ? `${pipeline}-state` : `${pipeline}-${name}-state`
}
