import type { IncomingMessage } from 'node:http'

/** The body as text; null where it is larger than `limit` bytes, or no UTF-8. */
export async function readBody(request: IncomingMessage, limit: number): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    // The rest is read and left: a client that is cut off while it writes would not see the answer.
    if (size <= limit) chunks.push(chunk)
    if (size > 16 * limit) return null
  }
  if (size > limit) return null
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    return null
  }
}
