import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Coordinator, type Question } from '../../../../runtime/connect/produce/coordinator.ts'
import { TransactionIdentity } from '../../../../runtime/connect/produce/transaction-identity.ts'
import type { BrokerAddress } from '../../../../runtime/connect/wire/broker-connection.ts'
import type { BrokerError } from '../../../../runtime/connect/wire/broker-error.ts'
import type { Cluster } from '../../../../runtime/connect/wire/cluster.ts'
import { WireReader } from '../../../../runtime/connect/wire/wire-reader.ts'
import { WireWriter } from '../../../../runtime/connect/wire/wire-writer.ts'

const CODES = { unknownTopic: 3, notCoordinator: 16, busy: 51, notAttempted: 55, fenced: 90 }
const TIMEOUT = 60_000

/** What a broker answers next, by the name of what it is asked; a string: the connection is lost with it. */
type Answers = Record<string, (((body: WireWriter) => void) | string)[]>

interface Asked {
  readonly what: string
  readonly where: number
  readonly bytes: Buffer
}

/** A cluster whose brokers answer by script; the coordinator is at port 1, then 2, and so on. */
function makeCluster(answers: Answers) {
  const asked: Asked[] = []
  let coordinators = 0
  const answer = async <T>(
    what: string,
    where: number,
    write: (request: WireWriter) => void,
    read: (body: WireReader) => T
  ): Promise<T> => {
    const request = new WireWriter()
    write(request)
    asked.push({ what, where, bytes: Buffer.concat(request.parts()) })
    const next = answers[what]?.shift()
    if (next === undefined) assert.fail(`${what}: nobody has said what to answer`)
    if (typeof next === 'string') throw new Error(next)
    const body = new WireWriter()
    next(body)
    const bytes = Buffer.concat(body.parts())
    return read(new WireReader(bytes, 0, bytes.length))
  }
  const cluster = {
    ask: (address: BrokerAddress, api: { name: string }, ...rest: [never, never]) =>
      answer(api.name, address.port, ...rest),
    askAny: () => Promise.resolve({ host: 'broker', port: ++coordinators })
  } as unknown as Cluster
  return { cluster, asked }
}

const code =
  (error: number) =>
  (body: WireWriter): void =>
    void body.int32(0).int16(error).noTags()

const producer =
  (id: number, epoch: number) =>
  (body: WireWriter): void =>
    void body.int32(0).int16(0).int64(id).int16(epoch).noTags()

const partitions =
  (codes: Readonly<Record<number, number>>) =>
  (body: WireWriter): void => {
    body.int32(0).compactArray(['t'], topic => {
      body.compactString(topic).compactArray(Object.entries(codes), ([partition, error]) => {
        body.int32(Number(partition)).int16(error).noTags()
      })
      body.noTags()
    })
  }

async function open(answers: Answers) {
  const { cluster, asked } = makeCluster({
    InitProducerId: [producer(7, 0), producer(7, 1)],
    ...answers
  })
  const ups: boolean[] = []
  const coordinator = new Coordinator(cluster, 'transaction', 'id', up => void ups.push(up))
  const failures: number[] = []
  const identity = new TransactionIdentity('id', coordinator, TIMEOUT, (error: BrokerError) =>
    failures.push(error.code)
  )
  await identity.init()
  return { identity, coordinator, asked, failures, ups }
}

test('partitions are entered once a transaction, and a commit of nothing asks nobody', async () => {
  const { identity, asked } = await open({
    AddPartitionsToTxn: [partitions({ 0: 0, 1: 0 }), partitions({ 2: 0 }), partitions({ 0: 0 })],
    EndTxn: [code(0)]
  })
  await identity.commit()
  assert.deepEqual([...(await identity.enter('t', [0, 1]))], [])
  await identity.enter('t', [1, 0])
  await identity.enter('t', [1, 2])
  await identity.commit()
  await identity.enter('t', [0])
  assert.deepEqual(
    asked.map(({ what }) => what),
    ['InitProducerId', 'AddPartitionsToTxn', 'AddPartitionsToTxn', 'EndTxn', 'AddPartitionsToTxn']
  )
})

test('a partition that is refused does not keep the others out', async () => {
  const { identity, failures } = await open({
    AddPartitionsToTxn: [
      partitions({ 0: CODES.notAttempted, 1: CODES.unknownTopic, 2: CODES.notAttempted }),
      partitions({ 0: 0, 2: 0 })
    ]
  })
  assert.deepEqual([...(await identity.enter('t', [0, 1, 2]))], [[1, CODES.unknownTopic]])
  assert.deepEqual(failures, [])
})

test('whoever is shut out is told so once, and can do nothing until it begins anew', async () => {
  const { identity, failures } = await open({
    AddPartitionsToTxn: [partitions({ 0: CODES.fenced }), partitions({ 0: 0 })]
  })
  await assert.rejects(identity.enter('t', [0]), /fenced/)
  assert.equal(identity.refused({ code: CODES.fenced, message: '' }), false)
  assert.deepEqual(failures, [CODES.fenced])
  assert.ok(identity.isOver)
  await assert.rejects(identity.ask(), /no transaction/)
  await identity.init()
  assert.deepEqual(await identity.ask(), { id: 7, epoch: 1 })
  await identity.enter('t', [0])
})

test('the next epoch is asked for with the last one, so that it is given to nobody else', async () => {
  const { identity, asked } = await open({})
  await identity.init()
  const [first, second] = asked.map(({ bytes }) => bytes.subarray('id'.length + 1))
  assert.equal(first!.readInt32BE(0), TIMEOUT)
  assert.deepEqual([first!.readBigInt64BE(4), first!.readInt16BE(12)], [-1n, -1])
  assert.deepEqual([second!.readBigInt64BE(4), second!.readInt16BE(12)], [7n, 0])
})

test('a commit is asked for until it is answered, wherever the coordinator is by then', async () => {
  const { identity, asked, ups } = await open({
    AddOffsetsToTxn: [code(0)],
    EndTxn: [code(CODES.busy), 'the connection closed', code(CODES.notCoordinator), code(0)]
  })
  await identity.enterGroup('g')
  await identity.enterGroup('g')
  await identity.commit()
  assert.equal(identity.isOpen, false)
  assert.deepEqual(
    asked.slice(1).map(({ what, where }) => `${what} ${where}`),
    ['AddOffsetsToTxn 1', 'EndTxn 1', 'EndTxn 1', 'EndTxn 2', 'EndTxn 3']
  )
  assert.deepEqual(ups, [true, true, true, false, true, true])
})

test('who waits for a coordinator ends with it', async () => {
  const { cluster } = makeCluster({ EndTxn: Array.from({ length: 1000 }, () => code(CODES.busy)) })
  const coordinator = new Coordinator(cluster, 'group', 'g', () => {})
  const question: Question<number> = {
    api: { name: 'EndTxn', key: 26, version: 3, isFlexible: true },
    write: () => {},
    read: body => (body.int32(), body.int16()),
    errorOf: Number
  }
  const asking = coordinator.ask(question)
  coordinator.close()
  await assert.rejects(asking, /closed/)
})
