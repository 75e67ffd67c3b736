/** An operator that keeps rows as state: groups, joins. */
export interface StageDefinition {
  /** What its state is called, in its topic's name too. */
  readonly name: string
  /** What stands in its state: state of another layout can't be read. */
  readonly layout: string
  /** What the values of the rows that it tells are called. */
  readonly columns: readonly string[]
  /** The sources of what goes into it. */
  readonly sources: readonly string[]
  readonly line: number
}
