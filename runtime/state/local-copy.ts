const HOUR = 3_600_000
/**
 * For how long, in ms, a changelog keeps the records that say what was deleted, at least: `delete.retention.ms` of its topic, which is
 * Kafka's own default.
 */
export const DELETES_KEPT = 24 * HOUR
/** The clocks of two machines are not that far apart. */
const MARGIN = 2 * HOUR

/**
 * Whether the changelog behind a copy of a state, which was true at `written`, still says all that was deleted since. From an older one
 * rows would come back that were deleted. Both in ms of the wall clock; undefined: an earlier version wrote it.
 */
export function isRecent(written: number | undefined, now: number): boolean {
  return written !== undefined && Math.abs(now - written) <= DELETES_KEPT - MARGIN
}
