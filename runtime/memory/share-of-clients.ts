/** Of what the process may use, for records that wait in its clients: what was fetched, and what is to be sent. */
const SHARE = 1 / 8
/** As clients are set up where there is room. */
const USUAL_FETCH = 4 << 20
const USUAL_PARTITION = 1 << 20
const USUAL_SINK = 16 << 20
/** The clients take no less: one record may be so large. */
const LEAST_FETCH = 1 << 20

type Properties = Readonly<Record<string, string>>

/** Properties of sources and sinks with which so many of them keep to their share. */
export function shareOfClients(
  limit: number,
  ends: number
): { readonly source: Properties; readonly sink: Properties } {
  const each = (limit * SHARE) / Math.max(1, ends)
  // Two answers wait at most, and what is read of one.
  const fetched = Math.floor(Math.min(USUAL_FETCH, Math.max(LEAST_FETCH, each / 4)))
  return {
    source: {
      'fetch.max.bytes': String(fetched),
      'max.partition.fetch.bytes': String(Math.min(USUAL_PARTITION, fetched)),
      'queued.max.messages.kbytes': String(kilobytes(each))
    },
    sink: { 'queue.buffering.max.kbytes': String(kilobytes(Math.min(USUAL_SINK, each))) }
  }
}

function kilobytes(bytes: number): number {
  return Math.max(1, Math.floor(bytes / 1024))
}
