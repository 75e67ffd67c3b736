import { makeRandom, normal, round } from '../../compiler/dev/index.ts'

/** One card payment, as fraud.sql reads it. */
export interface Transaction {
  readonly transaction_id: number
  readonly amount: number
  /** How often payments to this merchant turned out to be fraud, 0 to 1. */
  readonly merchant_risk: number
  /** How unusual the place is for this card, 0 to 1. */
  readonly location_score: number
}

/** The share of payments that are made with a stolen card. */
const STOLEN = 1 / 16

/** Payments with ids from 1; the same seed gives the same ones. About 4% score above 0.80. */
export function* makeTransactions(count: number, seed: number): Generator<Transaction> {
  const random = makeRandom(seed)
  for (let id = 1; id <= count; id++) {
    const stolen = random() < STOLEN
    // Most amounts are small, some are large: a log-normal distribution.
    const amount = (stolen ? 420 : 25) * Math.exp(normal(random) * 0.8)
    yield {
      transaction_id: id,
      amount: round(amount, 2),
      merchant_risk: round(stolen ? high(random()) : low(random()), 3),
      location_score: round(stolen ? high(random()) : low(random()), 3)
    }
  }
}

function low(value: number): number {
  return value ** 3
}

function high(value: number): number {
  return 1 - value ** 2 * 0.45
}
