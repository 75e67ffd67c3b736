import type { Snapshot } from '../observe/snapshot.ts'

/** Between two reports, in ms. */
const INTERVAL = 500

/** Tells the process that started this one how it is, now and then, and when the answer is called. */
export function reportSnapshots(take: () => Snapshot): () => void {
  const report = (): void => {
    // Nobody listens any more: this process is about to drain.
    if (process.connected) process.send?.(take())
  }
  report()
  const timer = setInterval(report, INTERVAL)
  timer.unref()
  return () => {
    clearInterval(timer)
    report()
  }
}
