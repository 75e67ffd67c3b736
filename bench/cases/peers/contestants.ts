import { join } from 'node:path'
import { MODEL } from '../../data/scores.ts'
import { USERS } from '../../data/users.ts'
import { DELAY, type WindowKey } from '../../data/windows.ts'
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

/** Where Kafka Streams has its windows: what is faster. */
const stores: Readonly<Record<WindowKey, string>> = { merchant_id: 'heap', user_id: 'disk' }

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
/** What a program needs to know of the table that it looks up in. */
const tableOf = ({ table }: Job): readonly string[] =>
  table === null ? [] : [table, String(USERS)]
const onNode = { kinds: ['verdicts'], isNode: true, delay: DELAY } as const
const isNode = false

const peers: readonly Peer[] = [
  {
    ...{ name: 'Go, hand-tuned', kinds: ['verdicts', 'lookups'], tools: ['go'], isNode },
    delay: DELAY,
    build() {
      const command = buildGo()
      return (job, topics) => ({ command, words: [job.kind, ...topics, ...tableOf(job)] })
    }
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
    ...{ name: 'Kafka Streams', kinds: ['verdicts', 'windows', 'lookups'], isNode },
    ...{ tools: ['mvn', 'javac'], delay: GRACE * 1000 },
    build() {
      const words = buildKafkaStreams()
      const java = (...own: readonly string[]) => ({ command: 'java', words: [...words, ...own] })
      return (job, topics) => {
        if (job.kind === 'lookups') return java('Lookups', ...topics, ...tableOf(job))
        if (job.by === null) return java('Verdicts', ...topics)
        return {
          ...java('Windows', ...topics, String(GRACE), job.by, stores[job.by]),
          lastWords: 'dropped 0'
        }
      }
    }
  },
  {
    ...{ name: 'Node, platformatic', tools: ['npm'], ...onNode },
    build: () => node(buildPlatformatic())
  },
  {
    ...{ name: 'Node, librdkafka', tools: [], ...onNode, kinds: ['verdicts', 'scores'] },
    build: () => (job, topics) => {
      const words = [join(PEERS, `node-loop/${job.kind}.ts`), ...topics]
      const command = process.execPath
      return { command, words: job.kind === 'scores' ? [...words, MODEL] : words }
    }
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
