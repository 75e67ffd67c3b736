import { KafkaBroker } from './broker.ts'

/** Three brokers that are one cluster: each partition is on all of them, and two have to have a record. */
export class KafkaCluster {
  readonly nodes: readonly KafkaBroker[]

  private constructor(nodes: readonly KafkaBroker[]) {
    this.nodes = nodes
  }

  static async start(): Promise<KafkaCluster> {
    const nodes = await KafkaBroker.startCluster(3, {
      'min.insync.replicas': '2',
      'transaction.state.log.min.isr': '2',
      // So that each of them coordinates somebody.
      'offsets.topic.num.partitions': '6',
      'transaction.state.log.num.partitions': '6',
      'controlled.shutdown.enable': 'true',
      // A broker that comes back soon leads its partitions again, while all others run.
      'leader.imbalance.check.interval.seconds': '2',
      'leader.imbalance.per.broker.percentage': '0',
      'replica.lag.time.max.ms': '3000'
    })
    return new KafkaCluster(nodes)
  }

  /** The bootstrap addresses. */
  get brokers(): string {
    return this.nodes.map(({ brokers }) => brokers).join(',')
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(node => node.stop()))
  }
}
