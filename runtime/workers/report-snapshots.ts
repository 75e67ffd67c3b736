import type { Pipeline } from '../pipeline/start-pipeline.ts'

/** Between two reports, in ms. */
const INTERVAL = 500

/** What the process wants that started this one. */
export interface Wish {
  /** See Pipeline. */
  readonly measure: number
}

/** Tells the process that started this one how it is, now and then, and when the answer is called. Does what that one wants. */
export function reportSnapshots({
  snapshot,
  measure
}: Pick<Pipeline, 'snapshot' | 'measure'>): () => void {
  const report = (): void => {
    // Nobody listens any more: this process is about to drain.
    if (process.connected) process.send?.(snapshot())
  }
  report()
  const timer = setInterval(report, INTERVAL)
  timer.unref()
  const wanted = (wish: unknown): void => measure((wish as Wish).measure)
  process.on('message', wanted)
  return () => {
    clearInterval(timer)
    process.off('message', wanted)
    report()
  }
}
