import type { Api, BrokerAddress } from './broker-connection.ts'
import type { WireReader } from './wire-reader.ts'
import type { WireWriter } from './wire-writer.ts'

/** Kafka 2.8 and later. */
export const METADATA: Api = { name: 'Metadata', key: 3, version: 12, isFlexible: true }

export interface TopicMetadata {
  /** Error code of the topic; 0: none. */
  readonly error: number
  /** It is another one after the topic was deleted and created again. */
  readonly id: string
  readonly partitions: readonly PartitionMetadata[]
  /** What this user may do with it, a bit for each operation's number; without any where that was not asked for. */
  readonly operations: number
}

export interface PartitionMetadata {
  readonly error: number
  readonly partition: number
  /** The node of the broker that leads it; -1: none does. */
  readonly leader: number
  readonly leaderEpoch: number
}

export interface ClusterMetadata {
  readonly brokers: ReadonlyMap<number, BrokerAddress>
  readonly topic: TopicMetadata
}

const NOT_ASKED = -(2 ** 31)
const NO_ID = Buffer.alloc(16)

export interface MetadataWish {
  /** Also what this user may do with the topic. */
  readonly operations?: boolean
  /** Brokers that make topics for whoever asks may do so. */
  readonly mayCreate?: boolean
}

/** Asks for one topic. */
export function writeMetadata(
  body: WireWriter,
  topic: string,
  { operations = false, mayCreate = false }: MetadataWish = {}
): void {
  body.compactArray([topic], name => body.raw(NO_ID).compactString(name).noTags())
  body.bool(mayCreate).bool(operations).noTags()
}

export function readMetadata(body: WireReader): ClusterMetadata {
  body.int32()
  const brokers = body.compactArray(() => {
    const node = body.int32()
    const address = { host: body.compactString() ?? '', port: body.int32() }
    body.compactString()
    body.tags()
    return [node, address] as const
  })
  body.compactString()
  body.int32()
  const [topic] = body.compactArray(() => readTopic(body))
  if (topic === undefined) throw new Error('the broker says nothing of the topic')
  return { brokers: new Map(brokers), topic }
}

function readTopic(body: WireReader): TopicMetadata {
  const error = body.int16()
  body.compactString()
  const id = body.uuid()
  body.bool()
  const partitions = body.compactArray(() => {
    const found = {
      error: body.int16(),
      partition: body.int32(),
      leader: body.int32(),
      leaderEpoch: body.int32()
    }
    for (let nodes = 0; nodes < 3; nodes++) body.compactArray(() => body.int32())
    body.tags()
    return found
  })
  const asked = body.int32()
  body.tags()
  return { error, id, partitions, operations: asked === NOT_ASKED ? 0 : asked }
}
