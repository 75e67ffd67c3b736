import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { ownRecords } from '../../../runtime/connect/kafka/own-records.ts'
import type {
  TransactionClient,
  TransactionClientListener,
  TransactionParts
} from '../../../runtime/connect/kafka/transaction-client.ts'
import { KafkaTransactions } from '../../../runtime/connect/kafka/transactions.ts'

const INVALID_TIMESTAMP = Object.assign(new Error('Broker: Invalid timestamp'), { code: 32 })
const records = ownRecords('totals', 0, [{ key: Buffer.from('a'), value: Buffer.from('{"n":1}') }])
const report = { topic: 'totals', key: 'a', value: Buffer.from('{"n":1}') }

/** What the client was asked for. */
let asked: string[]
let listener: TransactionClientListener
let transactions: KafkaTransactions

beforeEach(async () => {
  asked = []
  const step = (name: string) => async (): Promise<void> => void asked.push(name)
  const client: Partial<TransactionClient> = {
    isExact: false,
    begin: step('begin'),
    send: step('send'),
    flush: async check => check(),
    commit: step('commit'),
    abort: step('abort')
  }
  const parts = { definition: { tables: [], stages: [], states: [], changes: [] }, isShared: false }
  const openClient = async (_: unknown, __: unknown, heard: TransactionClientListener) => {
    listener = heard
    return client as TransactionClient
  }
  transactions = new KafkaTransactions(parts as unknown as TransactionParts, openClient)
  await transactions.open()
})

test('what could not be sent is sent again by the next commit', async () => {
  await transactions.send(records)
  listener.undelivered(INVALID_TIMESTAMP, report)
  await assert.rejects(transactions.commit([], []), /Invalid timestamp/)
  await transactions.commit([], [])
  assert.deepEqual(asked, ['begin', 'send', 'abort', 'begin', 'send', 'commit'])
})

test('a report on what was aborted, which comes only then, stops one commit at most', async () => {
  await transactions.send(records)
  listener.undelivered(INVALID_TIMESTAMP, report)
  await assert.rejects(transactions.commit([], []), /Invalid timestamp/)
  listener.undelivered(INVALID_TIMESTAMP, report)
  await assert.rejects(transactions.commit([], []), /Invalid timestamp/)
  await transactions.commit([], [])
  assert.deepEqual(asked, ['begin', 'send', 'abort', 'begin', 'send', 'commit'])
})
