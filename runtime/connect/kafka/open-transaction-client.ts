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
  const own = await openOwn(parts, config, listener)
  if (!('why' in own)) return own
  const client = await ClientTransactions.open(parts, config, listener)
  parts.log.log('info', 'transactions are sent by librdkafka', own.why)
  return client
}

async function openOwn(
  parts: TransactionParts,
  config: ClientConfig,
  listener: TransactionClientListener
): Promise<OwnTransactions | { readonly why: Readonly<Record<string, string>> }> {
  try {
    const own = await OwnTransactions.open(parts, config, listener)
    return typeof own === 'string' ? { why: { setting: own } } : own
  } catch (error) {
    if (error instanceof EnvironmentError) throw error
    return { why: { reason: errorText(error) } }
  }
}
