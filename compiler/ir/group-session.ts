/**
 * Rows of one partition whose times are less than a gap apart are of one session. Some of the keys are what a row would have if
 * it were a session of its own: those of the group come of the first row and of the last.
 */
export interface GroupSession {
  /** Milliseconds. */
  readonly gap: number
  /** Indexes into the keys: rows of one session are equal in these. */
  readonly partition: readonly number[]
  /** The key that is the time of the row, and then of the session's first. */
  readonly start: number
  /** The keys that are the session's end, and the last instant before it; null: no key is. */
  readonly end: number | null
  readonly time: number | null
  /** Which of these three tells the sessions of a partition apart in the query's rows: the start, where the query has it. */
  readonly identity: number
}
