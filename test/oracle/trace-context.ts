import type { InputRecord } from './value.ts'

type Headers = NonNullable<InputRecord['headers']>

/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT =
  /^(?!ff)(?:00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}|(?!00)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.{0,200})?)$/s

/** A record's trace context as headers, the last of each name; none without a traceparent that can be one. */
export function traceContext({ headers = [] }: InputRecord): Headers {
  const last = (name: string): Uint8Array | null =>
    headers.findLast(({ key }) => key === name)?.value ?? null
  const [parent, state] = [last('traceparent'), last('tracestate')]
  if (parent === null || !TRACEPARENT.test(Buffer.from(parent).toString('latin1'))) return []
  const isCarried = state !== null && state.length > 0 && state.length <= 512
  return [
    { key: 'traceparent', value: parent },
    ...(isCarried ? [{ key: 'tracestate', value: state }] : [])
  ]
}
