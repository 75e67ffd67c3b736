import type { Connector } from '../../contract/index.ts'
import type { Logger } from '../../observe/log.ts'
import { resolveProperties } from './resolve-properties.ts'
import { openKafkaDeadLetters } from './dead-letters.ts'
import { openKafkaSink } from './sink.ts'
import { openKafkaState } from './state.ts'
import { openKafkaSource } from './source.ts'

const SECURITY = /^(sasl|ssl|security)\./

/** Real Kafka, or the embedded broker: the client can't tell. `${ENV}` and `${file:...}` are resolved here, at start. */
export function makeKafkaConnector(
  log: Logger,
  environment: Readonly<Record<string, string | undefined>>
): Connector {
  /** What the dead letters need to get in: the security settings of the source on the same brokers. */
  let security: Readonly<Record<string, string>> = {}
  /** Tables are in one process: another one with them must not share its partitions. */
  let instance: string | null = null
  return {
    async openSource(source, listener) {
      const properties = resolveProperties(source.properties, environment)
      security = { ...security, ...pick(properties, SECURITY) }
      return openKafkaSource(source, properties, listener, log, instance)
    },
    async openSink(sink, listener) {
      return openKafkaSink(sink, resolveProperties(sink.properties, environment), listener, log)
    },
    openDeadLetters: async brokers => openKafkaDeadLetters(brokers, security, log),
    async openState(definition) {
      instance = `miraclec-${definition.name}`
      const clients = [...definition.sources, ...definition.sinks]
      const [first] = clients
      const properties = first === undefined ? {} : resolveProperties(first.properties, environment)
      const brokers = first?.brokers ?? 'localhost:9092'
      return openKafkaState(definition, brokers, pick(properties, SECURITY), log)
    },
    close: async () => {}
  }
}

function pick(
  properties: Readonly<Record<string, string>>,
  wanted: RegExp
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => wanted.test(name)))
}
