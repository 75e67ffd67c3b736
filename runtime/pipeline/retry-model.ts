import type { ErrorPolicy, ModelRunner } from '../contract/index.ts'

interface Failure {
  readonly row: number
  readonly code: string
  readonly message: string
  readonly attempt: number
}

/**
 * A model whose failing rows are asked for again as ON ERROR (action = 'retry') of the source says, with a
 * back-off. Rows that fail to the end are passed on; an answer that is no number will not become one.
 */
export function retryModel(
  model: ModelRunner,
  policy: () => ErrorPolicy,
  wait: (policy: ErrorPolicy, attempt: number) => Promise<void>
): ModelRunner {
  return {
    async run(columns, count, failed) {
      const current = policy()
      const { action, maxRetries } = current
      if (action !== 'retry') return model.run(columns, count, failed)
      let failures: Failure[] = []
      const answers = await model.run(columns, count, (row, code, message) =>
        failures.push({ row, code, message, attempt: 1 })
      )
      for (let attempt = 1; attempt <= maxRetries && failures.some(canSucceed); attempt++) {
        await wait(current, attempt)
        const again = failures.filter(canSucceed)
        const rest = failures.filter(failure => !canSucceed(failure))
        const rows = Int32Array.from(again, ({ row }) => row)
        const part = columns.map(column => Float64Array.from(rows, row => column[row]!))
        const width = answers.length / count
        const given = await model.run(part, rows.length, (row, code, message) =>
          rest.push({ row: rows[row]!, code, message, attempt: attempt + 1 })
        )
        rows.forEach((row, i) =>
          answers.set(given.subarray(i * width, (i + 1) * width), row * width)
        )
        failures = rest
      }
      for (const { row, code, message, attempt } of failures) failed(row, code, message, attempt)
      return answers
    }
  }
}

function canSucceed({ code }: Failure): boolean {
  return code !== 'model-not-finite'
}
