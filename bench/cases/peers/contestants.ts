import { join } from 'node:path'
import type { Program } from '../../harness/measure-run.ts'
import { buildFlinkSql } from '../../peers/flinksql/build.ts'
import { buildGo } from '../../peers/go/build.ts'
import { buildKafkaStreams } from '../../peers/kstreams/build.ts'
import { buildPlatformatic } from '../../peers/node/build.ts'
import { missingTools } from '../../peers/tools.ts'
import { DELAY } from '../windows/windows-job.ts'
import type { Job } from './job.ts'

const PEERS = join(import.meta.dirname, '../../peers')
/** What Kafka Streams needs to drop no row of a backlog: see windows.ts. */
const GRACE = 900

/** A program that people would use instead of ours. */
export interface Contestant {
  readonly name: string
  readonly kinds: readonly Job['kind'][]
  /** Programs that take ten times as long take part once, with small records. */
  readonly isSlow?: boolean
  /** How long it waits for late rows, in ms. */
  readonly delay: number
  /** `topics`: brokers, input, output, and the output again as the group. */
  program(kind: Job['kind'], topics: readonly string[]): Program
}

interface Peer extends Omit<Contestant, 'program'> {
  /** Without them it is skipped. */
  readonly tools: readonly string[]
  /** Makes of topics what starts it. */
  build(): Contestant['program']
}

const node = (path: string): Contestant['program'] => {
  return (_kind, topics) => ({ command: process.execPath, words: [path, ...topics] })
}

const peers: readonly Peer[] = [
  {
    ...{ name: 'Go, hand-tuned', kinds: ['verdicts'], tools: ['go'], delay: DELAY },
    build() {
      const command = buildGo()
      return (_kind, topics) => ({ command, words: topics })
    }
  },
  {
    ...{ name: 'Flink SQL', kinds: ['verdicts', 'windows'], tools: ['mvn', 'javac'], delay: DELAY },
    build() {
      const words = buildFlinkSql()
      return (kind, topics) => ({ command: 'java', words: [...words, kind, ...topics] })
    }
  },
  {
    ...{ name: 'Kafka Streams', kinds: ['verdicts', 'windows'], tools: ['mvn', 'javac'] },
    delay: GRACE * 1000,
    build() {
      const words = ['-Xmx2g', '-XX:+UseParallelGC', '-cp', buildKafkaStreams()]
      return (kind, topics) =>
        kind === 'verdicts'
          ? { command: 'java', words: [...words, 'Verdicts', ...topics] }
          : {
              command: 'java',
              words: [...words, 'Windows', ...topics, String(GRACE), 'merchant_id'],
              lastWords: 'dropped 0'
            }
    }
  },
  {
    ...{ name: 'Node, platformatic', kinds: ['verdicts'], tools: ['npm'], delay: DELAY },
    isSlow: true,
    build: () => node(buildPlatformatic())
  },
  {
    ...{ name: 'Node, librdkafka', kinds: ['verdicts'], tools: [], delay: DELAY, isSlow: true },
    build: () => node(join(PEERS, 'node-loop.ts'))
  },
  {
    ...{ name: 'Node, KafkaJS style', kinds: ['verdicts'], tools: [], delay: DELAY, isSlow: true },
    build: () => node(join(PEERS, 'node-kafkajs-style.ts'))
  }
]

/** Built, as far as the tools for it are here; says which are skipped. */
export function buildContestants(): readonly Contestant[] {
  return peers.flatMap(({ tools, build, ...peer }) => {
    const missing = missingTools(tools)
    if (missing.length === 0) return [{ ...peer, program: build() }]
    console.log(`${peer.name} is skipped: there is no ${missing.join(' and no ')}`)
    return []
  })
}
