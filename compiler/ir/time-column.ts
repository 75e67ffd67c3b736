/**
 * A column whose rows come in time: one with the value v, in ms since the epoch, comes only while its clock is below v + lag; all
 * that come later are late.
 */
export interface TimeColumn {
  readonly column: number
  /** The watermark, or processing time. */
  readonly clock: 'event' | 'processing'
  /** Milliseconds. */
  readonly lag: number
  /** `epoch`: a BIGINT, in the unit that its size tells. */
  readonly unit: 'ms' | 'epoch'
  /** Its v + lag is behind that of no other column that the same clock bounds: what is complete by it is by all. */
  readonly earliest?: true
}
