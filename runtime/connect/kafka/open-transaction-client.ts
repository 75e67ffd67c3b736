import { EnvironmentError } from '../../observe/environment-error.ts'
import { type ClientConfig, errorText } from './client-config.ts'
import { ClientTransactions } from './client-transactions.ts'
import { OwnTransactions } from './own-transactions.ts'
import type {
  TransactionClient,
  TransactionClientListener,
  TransactionParts
} from './transaction-client.ts'

/** One of our own where that is wanted and possible; librdkafka says what is wrong with brokers that don't answer. */
export async function openTransactionClient(
  parts: TransactionParts,
  config: ClientConfig,
  listener: TransactionClientListener
): Promise<TransactionClient> {
  if (!parts.isOwn) return ClientTransactions.open(parts, config, listener)
  try {
    const own = await OwnTransactions.open(parts, config, listener)
    if (typeof own !== 'string') return own
    parts.log.log('info', 'transactions are sent by librdkafka', { setting: own })
  } catch (error) {
    if (error instanceof EnvironmentError) throw error
    parts.log.log('info', 'transactions are sent by librdkafka', { reason: errorText(error) })
  }
  return ClientTransactions.open(parts, config, listener)
}
