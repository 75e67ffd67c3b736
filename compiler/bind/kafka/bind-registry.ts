import { parameterValue, registryMissing, secretInScript } from '../../diagnostics/bind-kafka.ts'
import type { BoundProperty, BoundRegistry } from '../../ir/index.ts'
import { AUTO_REGISTER, isDeferred, REGISTRY_PREFIX } from '../../kafka/index.ts'
import { type BindContext, report } from '../context.ts'
import type { Parameters } from './parameters.ts'

interface Bound {
  /** Null: there is none. */
  readonly registry: BoundRegistry | null
  /** Of CONFIG: what is for Kafka's client. */
  readonly properties: readonly BoundProperty[]
}

/** The registry of a source or sink, and what CONFIG says of it. */
export function bindRegistry(
  parameters: Parameters,
  config: readonly BoundProperty[],
  topic: string,
  cx: BindContext
): Bound {
  const isOwn = ({ name }: BoundProperty): boolean =>
    name === AUTO_REGISTER || name.startsWith(REGISTRY_PREFIX)
  const own = config.filter(isOwn)
  const properties = config.filter(property => !isOwn(property))
  if (!parameters.has('schema_registry_url')) {
    const [first] = own
    if (first !== undefined) report(cx, registryMissing(first.name, first.span))
    if (parameters.has('schema_subject'))
      report(cx, registryMissing('schema_subject', parameters.span('schema_subject')))
    return { registry: null, properties }
  }
  const url = parameters.text('schema_registry_url', '')
  checkUrl(url, parameters, cx)
  const registry = {
    url,
    subject: parameters.text('schema_subject', `${topic}-value`),
    autoRegister: own.find(({ name }) => name === AUTO_REGISTER)?.value.toLowerCase() !== 'false',
    properties: own
      .filter(({ name }) => name !== AUTO_REGISTER)
      .map(property => ({ ...property, name: property.name.slice(REGISTRY_PREFIX.length) }))
  }
  return { registry, properties }
}

function checkUrl(list: string, parameters: Parameters, cx: BindContext): void {
  const span = parameters.span('schema_registry_url')
  if (isDeferred(list)) return
  for (const text of list.split(',')) {
    const url = URL.parse(text.trim())
    if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
      report(cx, parameterValue('schema_registry_url', 'a URL that begins with http', span))
      return
    }
    if (url.password !== '') report(cx, secretInScript('schema_registry_url', span))
  }
}
