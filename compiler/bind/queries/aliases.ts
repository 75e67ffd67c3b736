import type { Expr } from '../../ir/index.ts'

/** The items of a select list, and what each is called: where GROUP BY and HAVING may mean them by it. */
export interface Aliases {
  readonly items: readonly Expr[]
  readonly names: readonly string[]
}
