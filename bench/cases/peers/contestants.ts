import { join } from 'node:path'
import { DELAY } from '../../data/windows.ts'
import type { Program } from '../../harness/measure-run.ts'
import { buildFlinkSql } from '../../peers/flinksql/build.ts'
import { buildGo } from '../../peers/go/build.ts'
import { buildKafkaStreams } from '../../peers/kstreams/build.ts'
import { buildPlatformatic } from '../../peers/node/build.ts'
import { buildRust } from '../../peers/rust/build.ts'
import { missingTools } from '../../peers/tools.ts'
import type { Job } from './job.ts'

const PEERS = join(import.meta.dirname, '../../peers')
/**
 * What Kafka Streams needs to drop no row of a backlog, in seconds: partitions that are read ahead of others meet in its repartition
 * topic. It tells fewer windows for it, which is the cheaper job.
 */
const GRACE = 900

/** A program that people would use instead of ours. */
export interface Contestant {
  readonly name: string
  readonly kinds: readonly Job['kind'][]
  /** Those in Node take ten times as long. */
  readonly isNode: boolean
  /** How long it waits for late rows, in ms. */
  readonly delay: number
  /** `topics`: brokers, input, output, and the output again as the group. */
  program(job: Job, topics: readonly string[]): Program
}

interface Peer extends Omit<Contestant, 'program'> {
  /** Without them it is skipped. */
  readonly tools: readonly string[]
  /** Makes of topics what starts it. */
  build(): Contestant['program']
}

const node = (path: string): Contestant['program'] => {
  return (_job, topics) => ({ command: process.execPath, words: [path, ...topics] })
}
const native = (command: string): Contestant['program'] => {
  return (_job, topics) => ({ command, words: topics })
}
const onNode = { kinds: ['verdicts'], isNode: true, delay: DELAY } as const
const isNode = false

const peers: readonly Peer[] = [
  {
    ...{ name: 'Go, hand-tuned', kinds: ['verdicts'], tools: ['go'], delay: DELAY, isNode },
    build: () => native(buildGo())
  },
  {
    ...{ name: 'Rust, hand-tuned', kinds: ['verdicts'], tools: ['cargo'], delay: DELAY, isNode },
    build: () => native(buildRust())
  },
  {
    ...{ name: 'Flink SQL', kinds: ['verdicts', 'windows'], tools: ['mvn', 'javac'], isNode },
    delay: DELAY,
    build() {
      const words = buildFlinkSql()
      return ({ kind, by }, topics) => ({
        command: 'java',
        words: [...words, kind, ...topics, ...(by === null ? [] : [by])]
      })
    }
  },
  {
    ...{ name: 'Kafka Streams', kinds: ['verdicts', 'windows'], tools: ['mvn', 'javac'], isNode },
    delay: GRACE * 1000,
    build() {
      const words = buildKafkaStreams()
      return ({ by }, topics) =>
        by === null
          ? { command: 'java', words: [...words, 'Verdicts', ...topics] }
          : {
              command: 'java',
              words: [...words, 'Windows', ...topics, String(GRACE), by],
              lastWords: 'dropped 0'
            }
    }
  },
  {
    ...{ name: 'Node, platformatic', tools: ['npm'], ...onNode },
    build: () => node(buildPlatformatic())
  },
  {
    ...{ name: 'Node, librdkafka', tools: [], ...onNode },
    build: () => node(join(PEERS, 'node-loop.ts'))
  },
  {
    ...{ name: 'Node, KafkaJS style', tools: [], ...onNode },
    build: () => node(join(PEERS, 'node-kafkajs-style.ts'))
  }
]

/** Built, as far as the tools for it are here; says which are skipped. */
export function buildContestants(kind: Job['kind'], onNode: boolean): readonly Contestant[] {
  const fitting = peers.filter(peer => peer.kinds.includes(kind) && peer.isNode === onNode)
  return fitting.flatMap(({ tools, build, ...peer }) => {
    const missing = missingTools(tools)
    if (missing.length === 0) return [{ ...peer, program: build() }]
    console.log(`${peer.name} is skipped: there is no ${missing.join(' and no ')}`)
    return []
  })
}
