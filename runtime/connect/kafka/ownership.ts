import { randomUUID } from 'node:crypto'
import type { KafkaNative } from '../../native/index.ts'
import { TakenOver } from '../../observe/taken-over.ts'
import { statePartition, type StatefulPipeline, stateTopic } from '../state-topic.ts'
import type { ClientConfig } from './client-config.ts'
import { readTopic } from './read-topic.ts'

/** A fact among the pipeline's own, spelled as those are. */
const KEY = '["owner"]'

/** Whose the state of a pipeline is: of the process that was the last to say so, in a transaction of its own. */
export class Ownership {
  readonly #native: KafkaNative
  readonly #pipeline: StatefulPipeline
  readonly #me = randomUUID()
  /** Where the claims are that may be newer than the own one. */
  #from = 0

  constructor(native: KafkaNative, pipeline: StatefulPipeline) {
    this.#native = native
    this.#pipeline = pipeline
  }

  /** What says that the state is this process's from now on. */
  claim(end: number) {
    this.#from = end
    const value = Buffer.from(JSON.stringify(['owner', this.#me]))
    const topic = stateTopic(this.#pipeline, '')
    const partition = statePartition(this.#pipeline).index
    return { topic, partition, key: Buffer.from(KEY), value }
  }

  /** Throws where it is another's by now. Reads what was committed since the claim. */
  async require(config: ClientConfig): Promise<void> {
    let last: string | null = null
    const topic = stateTopic(this.#pipeline, '')
    const partition = statePartition(this.#pipeline).index
    const from = { topic, partition, offset: this.#from }
    await readTopic(this.#native, config, from, (key, value) => {
      if (value !== null && Buffer.from(key).toString() === KEY)
        last = Buffer.from(value).toString()
    })
    if (last === null || last === JSON.stringify(['owner', this.#me])) return
    throw new TakenOver(this.#pipeline.name)
  }
}
