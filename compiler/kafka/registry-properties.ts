import type { KafkaProperty } from './librdkafka-properties.ts'

/** What CONFIG says of a registry of schemas begins so; the pipeline's client of it knows them by what follows. */
export const REGISTRY_PREFIX = 'schema.registry.'

export const registryProperties: readonly KafkaProperty[] = [
  // `user:password`.
  ...(['basic.auth.user.info', 'bearer.auth.token', 'ssl.ca.location'] as const),
  ...(['ssl.certificate.location', 'ssl.key.location', 'ssl.key.password'] as const)
].map(name => ({ name: `${REGISTRY_PREFIX}${name}`, side: 'both', values: { kind: 'text' } }))

/** Whether a sink registers the schema that it writes. */
export const AUTO_REGISTER = 'auto.register.schemas'

export const registrationProperty: KafkaProperty = {
  name: AUTO_REGISTER,
  side: 'sink',
  values: { kind: 'flag' }
}

/** As Confluent's serializers have them too. */
export const registryAliases: Readonly<Record<string, string>> = {
  'basic.auth.user.info': 'schema.registry.basic.auth.user.info',
  'bearer.auth.token': 'schema.registry.bearer.auth.token'
}
