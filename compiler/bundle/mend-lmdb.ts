/** What LMDB says of a write that the disk refuses; lmdb-js 3.5.6 puts it into 100 bytes. */
const SAID = 'Attempting to write page at position %u, size %u, blocks %u, buffer sizes %i %i %i\0'
/** Behind it come lengths that were never set, as often as not, and the text is longer than its room. */
const KEPT = 'Attempting to write page at position %u, size %u, blocks %u'

/**
 * lmdb-js's addon, in whose place the bytes are: where the disk refuses a write it would write past the end of its memory, and the
 * process could end by a signal (`free(): invalid size`) in place of exit code 3. The text ends earlier now; all else is as it was.
 */
export function mendLmdb(addon: Buffer): void {
  const at = addon.indexOf(SAID)
  if (at >= 0) addon[at + KEPT.length] = 0
}
