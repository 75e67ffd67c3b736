import type { Link } from '@opentelemetry/api'
import { parseTraceParent, TraceState } from '@opentelemetry/core'
import { unpackHeaders } from '../codec/index.ts'
import type { Batch } from '../contract/index.ts'

/** Links of a span, at most. */
const MOST_LINKS = 32
/** Records that are looked at, for each link that there may be. */
const ROUNDS = 8

/** Links to the traces that some of a batch's records belong to, taken evenly from all of it. */
export function linksOf(batch: Batch, limit: number): Link[] {
  const most = Math.min(limit, MOST_LINKS)
  if (!batch.hasHeaders) return []
  const found = new Map<string, Link>()
  const stride = Math.ceil(batch.count / most)
  const rounds = Math.min(stride, ROUNDS)
  for (let round = 0; round < rounds; round++) {
    for (let i = Math.floor((round * stride) / rounds); i < batch.count; i += stride) {
      const link = linkOf(batch, i)
      // A producer that sends in batches gives many records one context.
      if (link !== null) found.set(`${link.context.traceId} ${link.context.spanId}`, link)
      if (found.size === most) return [...found.values()]
    }
  }
  return [...found.values()]
}

function linkOf(batch: Batch, record: number): Link | null {
  const packed = batch.traceContext(record)
  if (packed === null) return null
  const headers = new Map(
    unpackHeaders(packed, 0).map(({ key, value }) => [key, Buffer.from(value!).toString()])
  )
  const context = parseTraceParent(headers.get('traceparent')!)
  if (context === null) return null
  const state = headers.get('tracestate')
  const traceState = state === undefined ? {} : { traceState: new TraceState(state) }
  return { context: { ...context, ...traceState, isRemote: true } }
}
