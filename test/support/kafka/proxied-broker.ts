import { KafkaBroker } from './broker.ts'
import { Proxy } from './proxy.ts'

/** A broker that is found behind a proxy by those who ask there, and in front of it by all others. */
export async function startProxied(properties: Readonly<Record<string, string>> = {}): Promise<{
  readonly broker: KafkaBroker
  readonly proxy: Proxy
}> {
  const proxy = await Proxy.start()
  const broker = await KafkaBroker.start(
    { 'transaction.abort.timed.out.transaction.cleanup.interval.ms': '300', ...properties },
    { listeners: { PROXIED: 'PLAINTEXT' }, advertised: { PROXIED: proxy.port } }
  )
  proxy.lead(broker.portOf('PROXIED'))
  return { broker, proxy }
}
