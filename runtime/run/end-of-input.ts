import type { EndOfInput } from '../contract/index.ts'
import type { Pipeline } from '../pipeline/start-pipeline.ts'

/** `miraclec dev --once` says when its rows are over. The result ends listening. */
export function takeEndOfInput({ endSources }: Pipeline): () => void {
  if (process.channel === undefined || endSources === undefined) return () => {}
  const hear = (message: unknown): void => {
    const { ended } = message as Partial<EndOfInput>
    if (ended !== undefined) void endSources(ended).then(() => process.send?.({ ended }))
  }
  process.on('message', hear)
  // To listen is no reason to live on.
  process.channel.unref()
  return () => process.off('message', hear)
}
