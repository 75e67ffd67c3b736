import type {
  DescribedStatement,
  Relation,
  ResultRows,
  StatementAnswer
} from '../contract/index.ts'
import type { Denial } from './denials.ts'

/** The pipeline as statements reach it. */
export interface Asked {
  /** `denial`: what a change is answered with; null: it may be made. */
  execute(statement: string, denial: Denial | null): Promise<StatementAnswer>
  /** Nothing is run. `open`: where string literals start that stand for values which are not known yet. */
  describe(statement: string, open: readonly number[]): DescribedStatement
  /** What can be asked for. */
  relations(): readonly Relation[]
  render(rows: ResultRows, format: 'json' | 'arrow'): Promise<Uint8Array>
}
