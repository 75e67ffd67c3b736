import type { Clock, ModelRunner } from '../contract/index.ts'
import type { ModelMetrics } from '../observe/metrics.ts'

/** A model whose rows, failures and times are counted, once each time that it is asked. */
export function measureModel(model: ModelRunner, metrics: ModelMetrics, clock: Clock): ModelRunner {
  return {
    async run(columns, count, failed) {
      const start = clock.elapsed()
      const answers = await model.run(columns, count, (row, code, message) => {
        metrics.failures++
        failed(row, code, message)
      })
      metrics.rows += count
      metrics.durations.observe((clock.elapsed() - start) / 1000)
      return answers
    }
  }
}
