import type { Clock, ErrorPolicy, ModelRunner } from '../contract/index.ts'

const LONGEST_BACKOFF = 60_000

interface Failure {
  readonly row: number
  readonly code: string
  readonly message: string
}

/**
 * A model whose failing rows are asked for again as ON ERROR (action = 'retry') of the source says, with a back-off that
 * doubles. Rows that fail to the end are passed on; an answer that is no number will not become one.
 */
export function retryModel(
  model: ModelRunner,
  policy: () => ErrorPolicy,
  clock: Clock
): ModelRunner {
  return {
    async run(columns, count, failed) {
      const { action, maxRetries, retryBackoff } = policy()
      if (action !== 'retry') return model.run(columns, count, failed)
      let failures: Failure[] = []
      const answers = await model.run(columns, count, (row, code, message) =>
        failures.push({ row, code, message })
      )
      for (let attempt = 0; attempt < maxRetries && failures.some(canSucceed); attempt++) {
        await clock.sleep(Math.min(retryBackoff * 2 ** attempt, LONGEST_BACKOFF))
        const again = failures.filter(canSucceed)
        const rest = failures.filter(failure => !canSucceed(failure))
        const rows = Int32Array.from(again, ({ row }) => row)
        const part = columns.map(column => Float64Array.from(rows, row => column[row]!))
        const width = answers.length / count
        const given = await model.run(part, rows.length, (row, code, message) =>
          rest.push({ row: rows[row]!, code, message })
        )
        rows.forEach((row, i) =>
          answers.set(given.subarray(i * width, (i + 1) * width), row * width)
        )
        failures = rest
      }
      for (const { row, code, message } of failures) failed(row, code, message)
      return answers
    }
  }
}

function canSucceed({ code }: Failure): boolean {
  return code !== 'model-not-finite'
}
