import type { StreamNode, TimeColumn } from '../ir/index.ts'

/** Where the rows of a stream come from: the sources, and those of them whose time holds for it. */
export interface Origins {
  sourcesOf(node: StreamNode): readonly string[]
  /** Of processing time those that tell it; none: the clock of the process does. */
  clocksOf(node: StreamNode, clock: TimeColumn['clock']): readonly string[]
}
