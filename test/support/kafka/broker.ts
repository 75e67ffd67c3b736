import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** `npm test` copies the jars there. */
const LIBS = join(import.meta.dirname, '../../../node_modules/.cache/kafka/libs')
const START_TIMEOUT = 60_000
const STOP_TIMEOUT = 20_000

/** Why there can be no broker on this machine, and what to do; null: there can. */
export function brokerMissing(): string | null {
  if (!existsSync(LIBS)) return `${LIBS} is missing: npm test fetches it (needs Java 17 and Maven)`
  const { error } = spawnSync('java', ['-version'], { stdio: 'ignore' })
  return error === undefined
    ? null
    : 'there is no java: install Java 17 (Debian: apt-get install openjdk-17-jre-headless)'
}

export function kafkaVersion(): string {
  const name = readdirSync(LIBS).find(file => file.startsWith('kafka_'))
  return /-([\d.]+)\.jar$/.exec(name ?? '')?.[1] ?? 'unknown'
}

/** Starts fast and takes little: for tests, which write little. */
const SMALL_JVM = ['-Xms128m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
/** As Kafka's own scripts start it (`kafka-server-start.sh`, `kafka-run-class.sh` of 4.1). */
export const PRODUCTION_JVM: readonly string[] = [
  ...['-server', '-Xms1g', '-Xmx1g', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20'],
  ...['-XX:InitiatingHeapOccupancyPercent=35', '-XX:+ExplicitGCInvokesConcurrent'],
  '-XX:MaxInlineLevel=15'
]

/** What a broker has beside its listener for everybody. */
export interface BrokerExtras {
  /** The protocol of each further listener, by its name in capitals. */
  readonly listeners?: Readonly<Record<string, 'PLAINTEXT' | 'SASL_PLAINTEXT' | 'SASL_SSL' | 'SSL'>>
  /** The port at which clients are told to find a further listener: something is in between. */
  readonly advertised?: Readonly<Record<string, number>>
  /** As `kafka-storage.sh --add-scram` takes them. */
  readonly scram?: readonly string[]
  /** A folder with classes that its properties name. */
  readonly classes?: string
}

/** One of a cluster. */
interface BrokerPlace {
  readonly node: number
  readonly port: number
  readonly controllerPort: number
}

/** A real Apache Kafka: one process in KRaft mode, on free ports, its files in a temporary folder. */
export class KafkaBroker {
  readonly #folder: string
  readonly #port: number
  /** Of the further listeners, by their names. */
  readonly #ports: ReadonlyMap<string, number>
  readonly #jvm: readonly string[]
  #process: ChildProcess | null = null

  private constructor(
    folder: string,
    port: number,
    ports: ReadonlyMap<string, number>,
    jvm: readonly string[]
  ) {
    this.#folder = folder
    this.#port = port
    this.#ports = ports
    this.#jvm = jvm
  }

  /** `properties` are the broker's own, over those below. */
  static async start(
    properties: Readonly<Record<string, string>> = {},
    { listeners = {}, advertised = {}, scram = [], classes }: BrokerExtras = {},
    jvm: readonly string[] = SMALL_JVM
  ): Promise<KafkaBroker> {
    const names = Object.keys(listeners)
    const [port, controllerPort, ...others] = await freePorts(2 + names.length)
    const place = { node: 1, port: port!, controllerPort: controllerPort! }
    const ports = new Map(names.map((name, i) => [name, others[i]!]))
    const own = names.length === 0 ? {} : listenerProperties(place, ports, listeners, advertised)
    const broker = await KafkaBroker.#format(
      place,
      [place],
      { ...own, ...properties },
      scram,
      ports,
      withClasses(jvm, classes)
    )
    await broker.resume()
    return broker
  }

  /** Several that are one cluster, each of them a controller too: with three, one can be away. */
  static async startCluster(
    count: number,
    properties: Readonly<Record<string, string>> = {}
  ): Promise<KafkaBroker[]> {
    const ports = await freePorts(2 * count)
    const places = Array.from({ length: count }, (_, i) => ({
      node: i + 1,
      port: ports[2 * i]!,
      controllerPort: ports[2 * i + 1]!
    }))
    const brokers = await Promise.all(
      places.map(place => KafkaBroker.#format(place, places, properties))
    )
    // None of them answers before most are there.
    await Promise.all(brokers.map(broker => broker.resume()))
    return brokers
  }

  static async #format(
    place: BrokerPlace,
    cluster: readonly BrokerPlace[],
    properties: Readonly<Record<string, string>>,
    scram: readonly string[] = [],
    ports: ReadonlyMap<string, number> = new Map(),
    jvm: readonly string[] = withClasses(SMALL_JVM)
  ): Promise<KafkaBroker> {
    const folder = await mkdtemp(join(tmpdir(), 'miraclec-kafka-'))
    const config = { ...serverProperties(folder, place, cluster), ...properties }
    const lines = Object.entries(config).map(([name, value]) => `${name}=${value}\n`)
    await writeFile(join(folder, 'server.properties'), lines.join(''))
    const format = ['format', '--cluster-id', 'bWlyYWNsZWMtdGVzdC0wMA', '--config']
    const users = scram.flatMap(user => ['--add-scram', user])
    const words = [...format, join(folder, 'server.properties'), ...users]
    const { status, stderr } = spawnSync('java', [...jvm, 'kafka.tools.StorageTool', ...words])
    if (status !== 0) throw new Error(`cannot format Kafka's folder: ${String(stderr)}`)
    return new KafkaBroker(folder, place.port, ports, jvm)
  }

  /** The bootstrap address: the same after `pause` and `resume`. */
  get brokers(): string {
    return `127.0.0.1:${this.#port}`
  }

  /** Of the process that runs. */
  get pid(): number {
    return this.#process!.pid!
  }

  /** The bootstrap address of a further listener. */
  listener(name: string): string {
    return `127.0.0.1:${this.portOf(name)}`
  }

  portOf(name: string): number {
    return this.#ports.get(name)!
  }

  /** Starts the process, with what its folder holds. */
  async resume(): Promise<void> {
    const path = join(this.#folder, 'broker.log')
    const log = await open(path, 'a')
    const words = [...this.#jvm, 'kafka.Kafka', join(this.#folder, 'server.properties')]
    // The kernel ends it with its parent: tests that are killed leave no broker behind.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'java', ...words], {
      stdio: ['ignore', log.fd, log.fd]
    })
    await log.close()
    this.#process = child
    const deadline = Date.now() + START_TIMEOUT
    while (!(await isListening(this.#port))) {
      if (Date.now() > deadline || child.exitCode !== null) {
        throw new Error(`Kafka did not start:\n${await readFile(path, 'utf8')}`)
      }
      await sleep(100)
    }
  }

  /** Ends the process and keeps its data, as a broker's restart does. */
  async pause(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#process
    if (child === null) return
    this.#process = null
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT)
    await exited
    clearTimeout(killer)
  }

  async stop(): Promise<void> {
    await this.pause('SIGKILL')
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** Kafka listens only when it is ready to answer. */
function isListening(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1')
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

function serverProperties(
  folder: string,
  { node, port, controllerPort }: BrokerPlace,
  cluster: readonly BrokerPlace[]
) {
  const replicas = String(cluster.length)
  const voters = cluster.map(other => `${other.node}@127.0.0.1:${other.controllerPort}`)
  return {
    'process.roles': 'broker,controller',
    'node.id': String(node),
    'controller.quorum.voters': voters.join(','),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': join(folder, 'data'),
    'num.partitions': '4',
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': '1',
    'default.replication.factor': replicas,
    'controlled.shutdown.enable': 'false',
    // A broker that comes back waits until the controller has forgotten the one that was.
    'broker.session.timeout.ms': '2000',
    'broker.heartbeat.interval.ms': '300'
  }
}

function listenerProperties(
  { port, controllerPort }: BrokerPlace,
  ports: ReadonlyMap<string, number>,
  protocols: Readonly<Record<string, string>>,
  advertised: Readonly<Record<string, number>>
) {
  const all = new Map([['PLAINTEXT', port], ...ports])
  const show = ([name, at]: readonly [string, number]): string => `${name}://127.0.0.1:${at}`
  const open = [...all].map(show)
  const told = [...all].map(([name, at]) => show([name, advertised[name] ?? at]))
  const mapped = { CONTROLLER: 'PLAINTEXT', PLAINTEXT: 'PLAINTEXT', ...protocols }
  return {
    listeners: [...open, `CONTROLLER://127.0.0.1:${controllerPort}`].join(','),
    'advertised.listeners': told.join(','),
    'listener.security.protocol.map': Object.entries(mapped)
      .map(pair => pair.join(':'))
      .join(','),
    'inter.broker.listener.name': 'PLAINTEXT'
  }
}

/** `classes`: a folder with those of a test. */
function withClasses(flags: readonly string[], classes?: string): readonly string[] {
  const path = [join(LIBS, '*'), ...(classes === undefined ? [] : [classes])]
  return [...flags, '-cp', path.join(':')]
}

/** All at once, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  const ports: number[] = []
  for (const server of servers) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    ports.push((server.address() as AddressInfo).port)
  }
  for (const server of servers) server.close()
  return ports
}
