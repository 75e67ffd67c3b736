/** Records of a batch that lie up to `end`, unpacked, and where the walk over them is. */
export interface RecordRun {
  readonly bytes: Uint8Array
  readonly end: number
  readonly baseOffset: number
  /** Milliseconds since the epoch. */
  readonly baseTime: number
  /** The next record to look at. */
  pos: number
  /** Records from there on. */
  left: number
}
