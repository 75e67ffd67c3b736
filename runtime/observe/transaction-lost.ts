/**
 * What was done since the last commit did not arrive or did not get into a transaction, or nobody knows whether it did: the
 * pipeline goes on from what is committed.
 */
export class TransactionLost extends Error {
  override readonly name = 'TransactionLost'

  constructor(message = 'the transaction is lost') {
    super(message)
  }
}
