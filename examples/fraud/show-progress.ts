import { setTimeout as sleep } from 'node:timers/promises'
import type { PipelineProcess } from '../../runtime/dev/pipeline-process.ts'
import type { SentRows } from '../../runtime/dev/sent-rows.ts'
import type { AlertLog } from './alert-log.ts'
import type { Screen } from './screen.ts'

/** Shows what the pipeline's metrics say, until it is ended. */
export function showProgress(
  pipeline: PipelineProcess,
  sent: SentRows,
  alerts: AlertLog,
  screen: Screen
): { end(): Promise<void> } {
  const ended = new AbortController()
  const shown = (async () => {
    let before = { consumed: 0, time: performance.now() }
    while (!ended.signal.aborted) {
      await sleep(screen.progressInterval, null, ended).catch(() => null)
      const metrics = await pipeline.metrics()
      if (metrics === null) return
      const behind = sent.behind(metrics)
      const now = { consumed: sent.total - behind, time: performance.now() }
      const rate = ((now.consumed - before.consumed) / (now.time - before.time)) * 1000
      screen.progress({ consumed: now.consumed, alerts: alerts.count, rate, behind })
      before = now
    }
  })()
  return {
    async end() {
      ended.abort()
      await shown
      screen.endProgress()
    }
  }
}
