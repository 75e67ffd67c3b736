import type { makeInterner, OverCall } from '../../ir/index.ts'
import type { NamedWindows } from './named-windows.ts'

/** The window functions of one query, as they are found in its expressions. */
export interface OverScope {
  /** Each one once, however often the query writes it. */
  readonly calls: OverCall[]
  readonly intern: ReturnType<typeof makeInterner>
  readonly windows: NamedWindows
}
