import type { Code } from '../code/index.ts'
import type { BoundSink } from '../ir/index.ts'
import type { RowType } from '../types/index.ts'
import type { CombinerNames } from './combiner-names.ts'
import type { GroupNames } from './group-names.ts'
import type { JoinNames } from './join-names.ts'
import type { OverNames } from './over-names.ts'
import type { TableNames } from './table-names.ts'
import type { TopNames } from './top-names.ts'

/** What steps need of the rest of the module. */
export interface SharedNames {
  /** The variable that holds the writer of a sink whose rows have these columns. */
  writer(sink: BoundSink, schema: RowType): Code
  /** The names of a stored table. */
  table(name: string): TableNames
  /** The names of a stage's groups. */
  groups(stage: string): GroupNames
  /** The names of a stage's join. */
  joins(stage: string): JoinNames
  /** The names of a stage's first rows. */
  top(stage: string): TopNames
  /** The names of a stage's rows in the order of their time. */
  over(stage: string): OverNames
  /** The names of what puts rows together that go to an exchange. */
  combiner(exchange: string): CombinerNames
  /** The variable that holds a source's clock. */
  clock(source: string): Code
  /** The variable that holds a model's runner. */
  model(name: string): Code
}

/** What all functions of one source's task share. */
export interface TaskContext extends SharedNames {
  /** Calls of functions that the one being written ends with: they go on with rows that waited. */
  readonly resumes: Code[]
  /** Functions that go on with rows that waited: each is written after the function that it continues. */
  readonly later: (() => void)[]
}
