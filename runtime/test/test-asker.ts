import type { Asker, PipelineDefinition } from '../contract/index.ts'
import { isSqlFailure } from '../sql/failure.ts'

/** What answers the statements of tests: they are compiled with the pipeline, and their text is their place in its `asked`. */
export function makeTestAsker({ asked = [] }: PipelineDefinition): Asker {
  const nothing = (): never => {
    throw new Error('tests only change tables')
  }
  return {
    isBatch: () => false,
    execute(text, pipeline) {
      const { statement, table, run } = asked[Number(text)]!
      const verb = statement.split(' ')[0] as 'INSERT' | 'UPDATE' | 'DELETE'
      // From here on what it does can be undone.
      pipeline.changed(table)
      try {
        return { kind: 'changed', verb, table, rows: run() }
      } catch (error) {
        if (!isSqlFailure(error)) throw error
        const { code, message } = error
        return { kind: 'refused', code, message: `${statement}: ${message}`, text: message }
      }
    },
    describe: nothing,
    executeBatch: nothing,
    render: nothing
  }
}
