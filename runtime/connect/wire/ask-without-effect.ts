import type { Api, BrokerConnection } from './broker-connection.ts'
import type { WireReader } from './wire-reader.ts'
import type { WireWriter } from './wire-writer.ts'

// Requests that change nothing, whose answers tell what a user may do: https://kafka.apache.org/protocol.html

const CREATE_TOPICS: Api = { name: 'CreateTopics', key: 19, version: 5, isFlexible: true }
const DESCRIBE_CONFIGS: Api = { name: 'DescribeConfigs', key: 32, version: 4, isFlexible: true }
const HEARTBEAT: Api = { name: 'Heartbeat', key: 12, version: 4, isFlexible: true }
const ADD_OFFSETS: Api = { name: 'AddOffsetsToTxn', key: 25, version: 3, isFlexible: true }

/** What brokers have to know; Kafka 2.8 and later do. */
export const effectlessApis: readonly Api[] = [
  CREATE_TOPICS,
  DESCRIBE_CONFIGS,
  HEARTBEAT,
  ADD_OFFSETS
]

const TIMEOUT = 10_000
/** Of DescribeConfigs. */
const BROKER = 4

/** What would be said to a topic that is to be created; null: it would be. The brokers only look at it. */
export function topicProblem(
  connection: BrokerConnection,
  topic: string,
  partitions: number,
  config: Readonly<Record<string, string>>
): Promise<{ readonly error: number; readonly message: string } | null> {
  const write = (request: WireWriter): void => {
    request.compactArray([topic], name => {
      request.compactString(name).int32(Math.max(1, partitions)).int16(-1)
      request.compactArray([], () => {})
      request.compactArray(Object.entries(config), ([key, value]) =>
        request.compactString(key).compactString(value).noTags()
      )
      request.noTags()
    })
    request.int32(TIMEOUT).bool(true).noTags()
  }
  return ask(connection, CREATE_TOPICS, write, body => {
    body.int32()
    body.uvarint()
    body.compactString()
    const error = body.int16()
    return error === 0 ? null : { error, message: body.compactString() ?? `error ${error}` }
  })
}

/** A setting of a broker; null: this user is not told. */
export function brokerSetting(
  connection: BrokerConnection,
  node: number,
  name: string
): Promise<string | null> {
  const write = (request: WireWriter): void => {
    request.compactArray([String(node)], broker => {
      request.int8(BROKER).compactString(broker)
      request.compactArray([name], key => request.compactString(key)).noTags()
    })
    request.bool(false).bool(false).noTags()
  }
  return ask(connection, DESCRIBE_CONFIGS, write, body => {
    body.int32()
    body.uvarint()
    if (body.int16() !== 0) return null
    body.compactString()
    body.int8()
    body.compactString()
    if (body.uvarint() < 2) return null
    body.compactString()
    return body.compactString()
  })
}

/**
 * The error code for a heartbeat of a member that is none: brokers look at the permission to read first, whether or not they know the
 * group.
 */
export function groupError(connection: BrokerConnection, group: string): Promise<number> {
  const write = (request: WireWriter): void => {
    request.compactString(group).int32(-1).compactString('miraclec-dry-run')
    request.compactString(null).noTags()
  }
  return ask(connection, HEARTBEAT, write, body => {
    body.int32()
    return body.int16()
  })
}

/** The same of a transaction, of a producer that is none: the permission to write comes first. */
export function transactionError(
  connection: BrokerConnection,
  transactionalId: string,
  group: string
): Promise<number> {
  const write = (request: WireWriter): void => {
    request.compactString(transactionalId).int64(-1).int16(-1).compactString(group).noTags()
  }
  return ask(connection, ADD_OFFSETS, write, body => {
    body.int32()
    return body.int16()
  })
}

async function ask<T>(
  connection: BrokerConnection,
  api: Api,
  write: (request: WireWriter) => void,
  read: (body: WireReader) => T
): Promise<T> {
  const { answer, body } = await connection.request(api, write, TIMEOUT)
  try {
    return read(body)
  } finally {
    answer.release()
  }
}
