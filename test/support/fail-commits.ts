import type { Connector } from '../../runtime/contract/index.ts'
import { TransactionLost } from '../../runtime/observe/transaction-lost.ts'

/** What becomes of commits, one after the other: `refused` ones are repeated; nobody learns how `lost` ones ended. */
const OUTCOMES = ['lost before', 'done', 'refused', 'done', 'lost behind', 'done'] as const

/** The connector with commits of which every other one fails. */
export function failCommits(connector: Connector): Connector {
  let commits = 0
  return {
    ...connector,
    async openTransactions(definition) {
      const transactions = await connector.openTransactions(definition)
      return {
        ...transactions,
        async commit(changes, offsets) {
          const outcome = OUTCOMES[commits++ % OUTCOMES.length]!
          if (outcome === 'refused') throw new Error(outcome)
          if (outcome !== 'lost before') await transactions.commit(changes, offsets)
          if (outcome !== 'done') throw new TransactionLost(outcome)
        }
      }
    }
  }
}
