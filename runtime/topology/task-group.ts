import { setTimeout as sleep } from 'node:timers/promises'
import { securityProperties } from '../connect/kafka/client-config.ts'
import { tasksTopic } from '../connect/state-topic.ts'
import type {
  FragmentDefinition,
  PipelineDefinition,
  PipelineTopology,
  SourceConnection,
  SourceDefinition
} from '../contract/index.ts'
import type { Snapshot } from '../observe/snapshot.ts'
import type { Pipeline } from '../pipeline/start-pipeline.ts'
import { definePart } from './define-part.ts'
import { Task } from './task.ts'
import type { TopologyOptions } from './topology-options.ts'

/** Between two looks at what the group wants, in ms: a poll keeps one of libuv's few threads. */
const LOOK_AGAIN = 200
const POLL_WAIT = 20

/** The tasks of a stage that are in this process: the group of a topic without records hands them out. */
export class TaskGroup {
  readonly #topology: PipelineTopology
  readonly #fragment: FragmentDefinition
  readonly #first: PipelineDefinition
  readonly #options: TopologyOptions
  readonly #fail: (error: unknown) => void
  readonly #tasks = new Map<number, Task>()
  #connection: SourceConnection | null = null
  #isMember = false
  #isUp = true
  #isStopping = false
  #polling: Promise<void> = Promise.resolve()
  readonly #opened = Promise.withResolvers<unknown>()

  constructor(
    topology: PipelineTopology,
    fragment: FragmentDefinition,
    first: PipelineDefinition,
    options: TopologyOptions,
    fail: (error: unknown) => void
  ) {
    this.#topology = topology
    this.#fragment = fragment
    this.#first = first
    this.#options = options
    this.#fail = fail
  }

  get stage(): string {
    return this.#fragment.stage!
  }

  /** Resolves when this process has been given tasks, or none, and they are open; while it stays away some may not go on with their state. */
  get opened(): Promise<unknown> {
    return this.#opened.promise
  }

  async open(): Promise<void> {
    const connector = this.#options.openConnector()
    const { log } = this.#options
    const { stage } = this
    this.#connection = await connector.openSource(this.#membership(), {
      assigned: partitions => {
        this.#isMember = true
        log.log('info', 'tasks assigned', { stage, tasks: partitions.join(' ') })
        for (const index of partitions) this.#start(index)
        this.#opened.resolve(Promise.all([...this.#tasks.values()].map(task => task.opened)))
      },
      revoking: partitions => this.#end(partitions),
      lost: partitions => this.#end(partitions),
      rejected: () => {},
      // There are no records in it: what is left is a topic that was made anew.
      missing: ({ text }) => log.log('warn', text),
      expelled: () =>
        this.#fail(new Error(`the group of the tasks of ${stage} has expelled this process`)),
      connected: up => {
        this.#isUp = up
      }
    })
    this.#polling = this.#poll(this.#connection)
  }

  /** A source of no records. */
  #membership(): SourceDefinition {
    const { name, sources, sinks } = this.#first
    // Who is told nothing by others may read nothing either; all parts are on the same brokers then.
    const [first] = [...sources, ...sinks]
    const topic = tasksTopic(name, this.stage)
    return {
      ...{ name: topic, topic, groupId: topic, brokers: first!.brokers },
      properties: sources.length > 0 ? first!.properties : securityProperties(first!.properties),
      autoOffsetReset: 'earliest',
      onError: { action: 'log', maxRetries: 0, retryBackoff: 0, deadLetterTopic: null },
      ...{ lateTopic: null, watermark: null, table: null, columns: [] },
      fill: { records: 0, wait: 0 },
      line: 0
    }
  }

  async #poll(connection: SourceConnection): Promise<void> {
    try {
      while (!this.#isStopping) {
        await connection.poll(1, POLL_WAIT, 0)
        await sleep(LOOK_AGAIN)
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  #start(index: number): void {
    if (this.#tasks.has(index) || this.#isStopping) return
    const make = (): PipelineDefinition =>
      this.#options.adapt(definePart(this.#topology, this.#fragment, index))
    this.#tasks.set(index, new Task(make, this.stage, index, this.#options, this.#fail))
  }

  /** Resolves when what they have done is committed: then others have them. */
  async #end(indexes: readonly number[]): Promise<void> {
    await Promise.all(
      indexes.map(async index => {
        const task = this.#tasks.get(index)
        this.#tasks.delete(index)
        await task?.stop()
      })
    )
  }

  snapshots(): readonly Snapshot[] {
    return this.pipelines().map(pipeline => pipeline.snapshot())
  }

  /** The tasks that run. */
  pipelines(): readonly Pipeline[] {
    return [...this.#tasks.values()].flatMap(task => task.pipeline ?? [])
  }

  ready(): boolean {
    return this.#isMember && this.#isUp && [...this.#tasks.values()].every(task => task.ready())
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#polling
    await this.#end([...this.#tasks.keys()])
    await this.#connection?.close()
  }
}
