import { setTimeout as sleep } from 'node:timers/promises'
import type { PipelineDefinition } from '../contract/index.ts'
import type { PipelineProcess } from './pipeline-process.ts'
import type { SentRows } from './sent-rows.ts'

const ASK_AGAIN = 50
/** What a sink has sent is on its way for its linger and about so many ms more. */
const ON_ITS_WAY = 500

/** Resolves when the pipeline has consumed all rows that were sent, and what it sends to itself; or when it has ended. */
export async function untilHandled(
  { sources, sinks }: PipelineDefinition,
  child: PipelineProcess,
  sent: SentRows
): Promise<void> {
  const inside = sinks.filter(sink => sources.some(({ topic }) => topic === sink.topic))
  const quiet =
    inside.length === 0 ? 0 : ON_ITS_WAY + Math.max(...inside.map(({ linger }) => linger))
  let total = -1
  for (;;) {
    const metrics = await child.metrics()
    if (metrics === null) return
    const before = total
    total = Object.values(metrics.sources).reduce(
      (sum, source) => sum + source.messages_consumed,
      0
    )
    const done = sent.behind(metrics) === 0
    if (done && (quiet === 0 || total === before)) return
    await sleep(done ? quiet : ASK_AGAIN)
  }
}
