import { setTimeout as sleep } from 'node:timers/promises'
import type { KafkaBroker } from '../support/kafka/broker.ts'
import type { RunningPipeline } from '../support/kafka/executable.ts'
import type { Proxy } from '../support/kafka/proxy.ts'
import type { Load } from './load.ts'

/** What may be disturbed. */
export interface Surroundings {
  readonly broker: KafkaBroker
  readonly proxy: Proxy
  readonly load: Load
  /** Records a second where nothing is disturbed. */
  readonly rate: number
  readonly stateless: RunningPipeline
  /** One more of it, which shares its work. */
  startAnother(): RunningPipeline
}

/** Each resolves when it is over. All together and the time to recover take less than a minute and a half. */
export const disturbances: readonly {
  readonly name: string
  run(surroundings: Surroundings): Promise<void>
}[] = [
  {
    name: 'connections are cut',
    async run({ proxy }) {
      for (let i = 0; i < 5; i++) {
        proxy.drop()
        await sleep(200)
      }
    }
  },
  {
    name: 'three times the load',
    async run({ load, rate }) {
      load.rate = 3 * rate
      await sleep(4000)
      load.rate = rate
    }
  },
  {
    name: 'brokers cannot be reached',
    async run({ proxy }) {
      proxy.cut()
      await sleep(4000)
      proxy.mend()
    }
  },
  {
    name: 'another process comes and goes',
    async run({ startAnother }) {
      const another = await startAnother().ready()
      await sleep(1000)
      const code = await another.exit('SIGTERM')
      if (code !== 0) throw new Error(`it ended with ${code}:\n${another.text()}`)
    }
  },
  {
    name: 'the network is slow',
    async run({ proxy }) {
      proxy.delay(50)
      proxy.throttle(1 << 20)
      await sleep(5000)
      proxy.mend()
    }
  },
  {
    name: 'the process is suspended',
    async run({ stateless }) {
      stateless.kill('SIGSTOP')
      await sleep(4000)
      stateless.kill('SIGCONT')
    }
  },
  {
    name: 'the broker starts again',
    async run({ broker, load }) {
      await load.hold(async () => {
        await broker.pause()
        await broker.resume()
      })
    }
  }
]
