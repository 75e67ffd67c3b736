import { createHash } from 'node:crypto'
import type { Connector, PipelineDefinition, SinkDefinition } from '../../contract/index.ts'
import { loadKafkaNative } from '../../native/index.ts'
import { EnvironmentError } from '../../observe/environment-error.ts'
import type { Logger } from '../../observe/log.ts'
import { type ClientConfig, securityProperties } from './client-config.ts'
import { clientConfig } from './make-client-config.ts'
import { resolveProperties } from './resolve-properties.ts'
import { makeTransactionalDeadLetters, openKafkaDeadLetters } from './dead-letters.ts'
import { prepareOwnTopics } from './own-topics.ts'
import { resetKafkaState } from './reset-state.ts'
import { openKafkaSink, PRODUCE_PROPERTY } from './sink.ts'
import { isGrouped } from './source.ts'
import { FETCH_PROPERTY, openKafkaSource } from './open-source.ts'
import { isStateful, transactionConfig } from './transaction-config.ts'
import { KafkaTransactions } from './transactions.ts'
import { openTransactionalSink } from './transactional-sink.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Real Kafka, or the embedded broker: the client can't tell. `${ENV}` and `${file:...}` are resolved here, at start. */
export function makeKafkaConnector(log: Logger, environment: Environment): Connector {
  /** What the dead letters need to get in: the security settings of the source on the same brokers. */
  let security: Readonly<Record<string, string>> = {}
  /** State is in one process: another one with it must not share its partitions. */
  let instance: string | null = null
  let transactions: KafkaTransactions | null = null
  /** Where sinks take part in the transactions, what their producer is made for. */
  let outputs: Outputs | null = null
  return {
    async openSource(source, listener) {
      const properties = resolveProperties(source.properties, environment)
      security = { ...security, ...securityProperties(properties) }
      const member = isGrouped(source) ? memberOf(source.name, instance) : null
      const fetch = chosenWay(environment, 'MIRACLEC_FETCH')
      const chosen = fetch === null ? properties : { ...properties, [FETCH_PROPERTY]: fetch }
      return openKafkaSource(source, chosen, listener, log, member)
    },
    async openSink(sink, listener) {
      const properties = resolveProperties(sink.properties, environment)
      if (transactions === null || outputs === null) {
        const produce = chosenWay(environment, 'MIRACLEC_PRODUCE')
        const chosen =
          produce === null ? properties : { ...properties, [PRODUCE_PROPERTY]: produce }
        return openKafkaSink(sink, chosen, listener, log)
      }
      const config = outputs.configFor(sink)
      if (config !== null) await transactions.reconfigure(config)
      outputs.keep(sink)
      return openTransactionalSink(sink, properties, listener, transactions)
    },
    openDeadLetters: async brokers =>
      transactions === null || outputs === null
        ? openKafkaDeadLetters(brokers, security, log, isOwnWanted(environment))
        : makeTransactionalDeadLetters(transactions, log),
    async openTransactions(definition) {
      const isShared = isStateful(definition)
      if (isShared) instance = `miraclec-${definition.name}`
      const native = await loadKafkaNative()
      const made = makeOutputs(definition, environment)
      if (definition.delivery === 'exactly_once') outputs = made
      const config = made.config()
      const isOwn = isOwnWanted(environment) && made.isOwnWanted()
      const parts = { native, definition, config, log, isShared, isOwn }
      transactions = new KafkaTransactions(parts)
      try {
        await transactions.open()
      } catch (error) {
        // A client that is left open keeps the process alive.
        await transactions.close()
        throw error
      }
      return transactions
    },
    async prepareTopics(brokers, properties, topics) {
      const shared = securityProperties(resolveProperties(properties, environment))
      await prepareOwnTopics(clientConfig(brokers, shared, {}), topics)
    },
    async resetState(definition) {
      const [first] = [...definition.sources, ...definition.sinks]
      if (first === undefined) return
      const properties = resolveProperties(first.properties, environment)
      await resetKafkaState(definition, first.brokers, securityProperties(properties), log)
    },
    close: async () => {}
  }
}

/** The settings of the producer of all outputs, as those of its sinks change. */
interface Outputs {
  config(): ClientConfig
  /** No sink asks for librdkafka. */
  isOwnWanted(): boolean
  /** Null: a sink has the settings that it had. */
  configFor(sink: SinkDefinition): ClientConfig | null
  keep(sink: SinkDefinition): void
}

function makeOutputs(definition: PipelineDefinition, environment: Environment): Outputs {
  const clients = [...definition.sources, ...definition.sinks]
  const brokers = clients[0]?.brokers ?? 'localhost:9092'
  const shared = resolveProperties(clients[0]?.properties ?? {}, environment)
  const taking = definition.delivery === 'exactly_once' ? definition.sinks : []
  const sinks = new Map(
    taking.filter(({ connector }) => connector === 'kafka').map(sink => [sink.name, sink])
  )
  const configOf = (all: readonly SinkDefinition[]): ClientConfig => {
    const resolved = all.map(one => ({
      definition: one,
      properties: resolveProperties(one.properties, environment)
    }))
    return transactionConfig(definition, brokers, securityProperties(shared), resolved)
  }
  return {
    config: () => configOf([...sinks.values()]),
    isOwnWanted: () =>
      [...sinks.values()].every(({ properties }) => properties[PRODUCE_PROPERTY] !== 'librdkafka'),
    configFor(sink) {
      const { properties } = sinks.get(sink.name) ?? sink
      if (JSON.stringify(properties) === JSON.stringify(sink.properties)) return null
      return configOf([...sinks.values()].map(one => (one.name === sink.name ? sink : one)))
    },
    keep: sink => void sinks.set(sink.name, sink)
  }
}

/** The fixed member that a source is of its group: sources that share one are several members. */
function memberOf(source: string, instance: string | null): string | null {
  if (instance === null) return null
  // Kafka takes only some characters, and not many of them.
  return `${instance}-${createHash('sha256').update(source).digest('hex').slice(0, 8)}`
}

function isOwnWanted(environment: Environment): boolean {
  return chosenWay(environment, 'MIRACLEC_PRODUCE') !== 'librdkafka'
}

const WAYS = ['raw', 'librdkafka']

/** Who talks to the brokers, for all sources or sinks of a run; null: each as its script says. */
function chosenWay(
  environment: Environment,
  name: 'MIRACLEC_FETCH' | 'MIRACLEC_PRODUCE'
): string | null {
  const way = environment[name] ?? null
  if (way !== null && !WAYS.includes(way))
    throw new EnvironmentError(`${name} is one of ${WAYS.join(', ')}, not "${way}"`)
  return way
}
