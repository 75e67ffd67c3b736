import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestAuthority } from '../certificates.ts'
import { KafkaBroker } from './broker.ts'

/** What users of the broker log in with: a text that is looked for wherever it must not be. */
export const PASSWORD = 'planted-Secret-7f3a'

const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule'
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule'
const OAUTH = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule'
const UNSECURED =
  'org.apache.kafka.common.security.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler'

/**
 * A broker that takes every way to log in: listener SASL without, SASLTLS with TLS; TLS, which asks for no name, and MTLS, which wants the
 * client's certificate. User alice may do everything, mallory and trudy what the test allows; who has no name may do everything too.
 */
export function startSecuredBroker(authority: TestAuthority): Promise<KafkaBroker> {
  const { cert, key } = authority.issue('broker')
  const keystore = join(authority.folder, 'broker-both.pem')
  writeFileSync(keystore, readFileSync(key, 'utf8') + readFileSync(cert, 'utf8'))
  const listeners = {
    SASL: 'SASL_PLAINTEXT',
    SASLTLS: 'SASL_SSL',
    TLS: 'SSL',
    MTLS: 'SSL'
  } as const
  const users = ['alice', 'mallory', 'trudy'].map(user => `user_${user}="${PASSWORD}"`).join(' ')
  const sasl = ['sasl', 'sasltls'].flatMap(listener => {
    const prefix = `listener.name.${listener}`
    return [
      [`${prefix}.plain.sasl.jaas.config`, `${PLAIN} required ${users};`],
      [`${prefix}.scram-sha-256.sasl.jaas.config`, `${SCRAM} required;`],
      [`${prefix}.scram-sha-512.sasl.jaas.config`, `${SCRAM} required;`],
      [
        `${prefix}.oauthbearer.sasl.jaas.config`,
        `${OAUTH} required unsecuredLoginStringClaim_sub="broker";`
      ],
      [`${prefix}.oauthbearer.sasl.server.callback.handler.class`, UNSECURED],
      [`${prefix}.sasl.enabled.mechanisms`, 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER']
    ]
  })
  const properties = {
    ...(Object.fromEntries(sasl) as Record<string, string>),
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keystore,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': authority.ca,
    'listener.name.mtls.ssl.client.auth': 'required',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS;User:alice;User:CN=pipeline'
  }
  const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
    mechanism => `${mechanism}=[name=alice,password=${PASSWORD}]`
  )
  return KafkaBroker.start(properties, { listeners, scram })
}
