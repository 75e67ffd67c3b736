import type { Code } from '../code/index.ts'
import type { SourceTask } from '../ir/index.ts'
import type { TableNames } from './table-names.ts'

/** What all functions of one source's task share. */
export interface TaskContext {
  readonly task: SourceTask
  /** The variable that holds a sink's writer. */
  writer(sink: string): Code
  /** The names of a stored table. */
  table(name: string): TableNames
  /** The variable that holds a model's runner. */
  model(name: string): Code
  /** Names of the functions that the one being written must await at its end. */
  readonly resumes: Code[]
  /** Functions that go on with rows that waited: each is written after the function that it continues. */
  readonly later: (() => void)[]
}
