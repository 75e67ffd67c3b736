/** What two dialects say of one thing. */
export interface Both {
  readonly ours: string
  /** The batch engine's. */
  readonly batch: string
}
