import { parseArgs } from 'node:util'

export interface DemoOptions {
  readonly transactions: number
  /** Transactions per second. */
  readonly rate: number
  readonly seed: number
}

export const usage = `Usage: npm run demo -- [options]

  --transactions <n>  how many to feed (default 200000)
  --rate <n>          transactions per second (default 25000)
  --seed <n>          of the generated transactions (default 1)
`

/** The options, or one sentence that says what is wrong with them. Null: help is asked for. */
export function readOptions(words: readonly string[]): DemoOptions | string | null {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        transactions: { type: 'string', default: '200000' },
        rate: { type: 'string', default: '25000' },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean', short: 'h', default: false }
      }
    })
    if (values.help) return null
    for (const name of ['transactions', 'rate', 'seed'] as const) {
      const text = values[name]
      if (!/^[1-9]\d{0,8}$/.test(text))
        return `--${name} is a whole number from 1 up, not "${text}"`
    }
    const { transactions, rate, seed } = values
    return { transactions: Number(transactions), rate: Number(rate), seed: Number(seed) }
  } catch (error) {
    return (error as Error).message
  }
}
