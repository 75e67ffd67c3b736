import type { IncomingMessage } from 'node:http'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** The body as text; null where it is larger than `limit` bytes, no UTF-8, or cut off. */
export function readBody(request: IncomingMessage, limit: number): Promise<string | null> {
  return new Promise(resolve => {
    const chunks: Buffer[] = []
    let size = 0
    // Listeners, not an iterator: that costs as much as the rest of a small request.
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      // The rest is read and left: a client that is cut off while it writes would not see the answer.
      if (size <= limit) chunks.push(chunk)
      if (size > 2 * limit) resolve(null)
    })
    request.on('end', () => resolve(size > limit ? null : decode(chunks)))
    request.on('error', () => resolve(null))
  })
}

function decode(chunks: readonly Buffer[]): string | null {
  try {
    return decoder.decode(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks))
  } catch {
    return null
  }
}
