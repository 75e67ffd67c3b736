import { after, before, describe } from 'node:test'
import { brokerMissing, KafkaBroker } from './broker.ts'
import { openTestClient, type TestClient } from './client.ts'
import { RunningPipeline } from './executable.ts'

interface Brokers {
  readonly brokers: string
  stop(): Promise<void>
}

export interface OnKafka<B extends Brokers = KafkaBroker> {
  readonly broker: () => B
  readonly client: () => TestClient
}

/**
 * Tests that share one real broker. Where there can be none they are skipped with a line that says what to install; when CI
 * is set they fail, so that a run that tested nothing can't look like one that did. `properties` are the broker's own;
 * or `start` starts it.
 */
export function describeOnKafka<B extends Brokers = KafkaBroker>(
  name: string,
  define: (kafka: OnKafka<B>) => void,
  given: Readonly<Record<string, string>> | { readonly start: () => Promise<B> } = {}
): void {
  const missing = brokerMissing()
  if (missing !== null && process.env['CI'] === undefined) {
    console.warn(`\n!!! SKIPPED, no real Kafka: ${missing}\n`)
    describe(name, { skip: missing }, () => {})
    return
  }
  describe(name, () => {
    let broker: B | null = null
    let client: TestClient | null = null
    before(async () => {
      if (missing !== null) throw new Error(missing)
      broker = await (typeof given.start === 'function'
        ? given.start()
        : (KafkaBroker.start(
            given as Readonly<Record<string, string>>
          ) as Promise<Brokers> as Promise<B>))
      client = await openTestClient(broker.brokers)
    })
    after(async () => {
      RunningPipeline.killAll()
      await client?.close()
      await broker?.stop()
    })
    define({ broker: () => broker!, client: () => client! })
  })
}
