/** Values that a group keeps and that are written one by one, as entries of their own behind the group's key. */
export interface WrittenSet {
  /** Those that are not written yet; from now on they are. */
  takeFresh(): readonly unknown[]
  /** All of them, for a checkpoint. */
  takeAll(): readonly unknown[]
  /** The group goes, or goes on under another key: those that the changelog or a checkpoint has; none is written any more. */
  forget(): readonly unknown[]
  /** One that the changelog has. */
  restore(value: unknown): void
}
