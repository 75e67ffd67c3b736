/** Which client takes a property. */
export type Side = 'source' | 'sink' | 'both'

/** A librdkafka property: its name, its client, and the values that it takes. */
export interface KafkaProperty {
  readonly name: string
  readonly side: Side
  readonly values:
    | { readonly kind: 'text' | 'flag' }
    | {
        readonly kind: 'integer' | 'decimal'
        readonly min: number
        readonly max: number
        /** Other spellings of single values, in lower case. */
        readonly words?: readonly string[]
      }
    | { readonly kind: 'choice'; readonly choices: readonly string[] }
}

function text(name: string, side: Side): KafkaProperty {
  return { name, side, values: { kind: 'text' } }
}
function flag(name: string, side: Side): KafkaProperty {
  return { name, side, values: { kind: 'flag' } }
}
function integer(
  name: string,
  side: Side,
  min: number,
  max: number,
  words: readonly string[] = []
): KafkaProperty {
  return { name, side, values: { kind: 'integer', min, max, words } }
}
function decimal(name: string, side: Side, min: number, max: number): KafkaProperty {
  return { name, side, values: { kind: 'decimal', min, max } }
}
function choice(name: string, side: Side, choices: readonly string[]): KafkaProperty {
  return { name, side, values: { kind: 'choice', choices } }
}

/**
 * The properties of librdkafka 2.15 (its CONFIGURATION.md), without callbacks, plug-ins, and what has no effect. Of its topic
 * properties those that are not client properties too are here as well: librdkafka takes both from one configuration.
 */
export const librdkafkaProperties: readonly KafkaProperty[] = [
  text('client.id', 'both'),
  text('metadata.broker.list', 'both'),
  integer('message.max.bytes', 'both', 1000, 1000000000),
  integer('message.copy.max.bytes', 'both', 0, 1000000000),
  integer('receive.message.max.bytes', 'both', 1000, 2147483647),
  integer('max.in.flight.requests.per.connection', 'both', 1, 1000000),
  choice('metadata.recovery.strategy', 'both', ['none', 'rebootstrap']),
  integer('metadata.recovery.rebootstrap.trigger.ms', 'both', 0, 2147483647),
  integer('topic.metadata.refresh.interval.ms', 'both', -1, 3600000),
  integer('metadata.max.age.ms', 'both', 1, 86400000),
  integer('topic.metadata.refresh.fast.interval.ms', 'both', 1, 60000),
  flag('topic.metadata.refresh.sparse', 'both'),
  integer('topic.metadata.propagation.max.ms', 'both', 0, 3600000),
  integer('socket.timeout.ms', 'both', 10, 300000),
  integer('socket.send.buffer.bytes', 'both', 0, 100000000),
  integer('socket.receive.buffer.bytes', 'both', 0, 100000000),
  flag('socket.keepalive.enable', 'both'),
  flag('socket.nagle.disable', 'both'),
  integer('socket.max.fails', 'both', 0, 1000000),
  integer('broker.address.ttl', 'both', 0, 86400000),
  choice('broker.address.family', 'both', ['any', 'v4', 'v6']),
  integer('socket.connection.setup.timeout.ms', 'both', 1000, 2147483647),
  integer('connections.max.idle.ms', 'both', 0, 2147483647),
  integer('reconnect.backoff.ms', 'both', 0, 3600000),
  integer('reconnect.backoff.max.ms', 'both', 0, 3600000),
  integer('statistics.interval.ms', 'both', 0, 86400000),
  integer('log_level', 'both', 0, 7),
  flag('log.thread.name', 'both'),
  flag('enable.random.seed', 'both'),
  flag('log.connection.close', 'both'),
  integer('api.version.request.timeout.ms', 'both', 1, 300000),
  flag('allow.auto.create.topics', 'both'),
  choice('security.protocol', 'both', ['plaintext', 'ssl', 'sasl_plaintext', 'sasl_ssl']),
  text('ssl.cipher.suites', 'both'),
  text('ssl.curves.list', 'both'),
  text('ssl.sigalgs.list', 'both'),
  text('ssl.key.location', 'both'),
  text('ssl.key.password', 'both'),
  text('ssl.key.pem', 'both'),
  text('ssl.certificate.location', 'both'),
  text('ssl.certificate.pem', 'both'),
  text('ssl.ca.location', 'both'),
  text('https.ca.location', 'both'),
  text('https.ca.pem', 'both'),
  text('ssl.ca.pem', 'both'),
  text('ssl.ca.certificate.stores', 'both'),
  text('ssl.crl.location', 'both'),
  text('ssl.keystore.location', 'both'),
  text('ssl.keystore.password', 'both'),
  text('ssl.providers', 'both'),
  text('ssl.engine.id', 'both'),
  flag('enable.ssl.certificate.verification', 'both'),
  choice('ssl.endpoint.identification.algorithm', 'both', ['none', 'https']),
  text('sasl.mechanisms', 'both'),
  text('sasl.kerberos.service.name', 'both'),
  text('sasl.kerberos.principal', 'both'),
  text('sasl.kerberos.kinit.cmd', 'both'),
  text('sasl.kerberos.keytab', 'both'),
  integer('sasl.kerberos.min.time.before.relogin', 'both', 0, 86400000),
  text('sasl.username', 'both'),
  text('sasl.password', 'both'),
  text('sasl.oauthbearer.config', 'both'),
  flag('enable.sasl.oauthbearer.unsecure.jwt', 'both'),
  choice('sasl.oauthbearer.method', 'both', ['default', 'oidc']),
  text('sasl.oauthbearer.client.id', 'both'),
  text('sasl.oauthbearer.client.secret', 'both'),
  text('sasl.oauthbearer.scope', 'both'),
  text('sasl.oauthbearer.extensions', 'both'),
  text('sasl.oauthbearer.token.endpoint.url', 'both'),
  text('sasl.oauthbearer.sub.claim.name', 'both'),
  choice('sasl.oauthbearer.grant.type', 'both', [
    'client_credentials',
    'urn:ietf:params:oauth:grant-type:jwt-bearer'
  ]),
  choice('sasl.oauthbearer.assertion.algorithm', 'both', ['RS256', 'ES256']),
  text('sasl.oauthbearer.assertion.private.key.file', 'both'),
  text('sasl.oauthbearer.assertion.private.key.passphrase', 'both'),
  text('sasl.oauthbearer.assertion.private.key.pem', 'both'),
  text('sasl.oauthbearer.assertion.file', 'both'),
  text('sasl.oauthbearer.assertion.claim.aud', 'both'),
  integer('sasl.oauthbearer.assertion.claim.exp.seconds', 'both', 1, 2147483647),
  text('sasl.oauthbearer.assertion.claim.iss', 'both'),
  flag('sasl.oauthbearer.assertion.claim.jti.include', 'both'),
  integer('sasl.oauthbearer.assertion.claim.nbf.seconds', 'both', 0, 2147483647),
  text('sasl.oauthbearer.assertion.claim.sub', 'both'),
  text('sasl.oauthbearer.assertion.jwt.template.file', 'both'),
  choice('sasl.oauthbearer.metadata.authentication.type', 'both', [
    'none',
    'azure_imds',
    'aws_iam'
  ]),
  text('group.id', 'source'),
  text('group.instance.id', 'source'),
  text('partition.assignment.strategy', 'source'),
  integer('session.timeout.ms', 'source', 1, 3600000),
  integer('heartbeat.interval.ms', 'source', 1, 3600000),
  text('group.protocol.type', 'source'),
  choice('group.protocol', 'source', ['classic', 'consumer']),
  text('group.remote.assignor', 'source'),
  integer('coordinator.query.interval.ms', 'source', 1, 3600000),
  integer('max.poll.interval.ms', 'source', 1, 86400000),
  flag('enable.auto.commit', 'source'),
  integer('auto.commit.interval.ms', 'source', 0, 86400000),
  flag('enable.auto.offset.store', 'source'),
  integer('queued.min.messages', 'source', 1, 10000000),
  integer('queued.max.messages.kbytes', 'source', 1, 2097151),
  integer('fetch.wait.max.ms', 'source', 0, 300000),
  integer('fetch.queue.backoff.ms', 'source', 0, 300000),
  integer('fetch.message.max.bytes', 'source', 1, 1000000000),
  integer('fetch.max.bytes', 'source', 0, 2147483135),
  integer('fetch.min.bytes', 'source', 0, 2147483647),
  integer('fetch.error.backoff.ms', 'source', 0, 300000),
  choice('isolation.level', 'source', ['read_uncommitted', 'read_committed']),
  flag('enable.partition.eof', 'source'),
  flag('check.crcs', 'source'),
  text('client.rack', 'both'),
  integer('max.poll.records', 'source', 1, 2147483647),
  text('transactional.id', 'sink'),
  integer('transaction.timeout.ms', 'sink', 1000, 2147483647),
  flag('enable.idempotence', 'sink'),
  integer('queue.buffering.max.messages', 'sink', 0, 2147483647),
  integer('queue.buffering.max.kbytes', 'sink', 1, 2147483647),
  decimal('queue.buffering.max.ms', 'sink', 0, 900000),
  integer('message.send.max.retries', 'sink', 0, 2147483647),
  integer('retry.backoff.ms', 'both', 1, 300000),
  integer('retry.backoff.max.ms', 'both', 1, 300000),
  integer('queue.buffering.backpressure.threshold', 'sink', 1, 1000000),
  choice('compression.codec', 'sink', ['none', 'gzip', 'snappy', 'lz4', 'zstd']),
  integer('batch.num.messages', 'sink', 1, 1000000),
  integer('batch.size', 'sink', 1, 2147483647),
  flag('delivery.report.only.error', 'sink'),
  integer('sticky.partitioning.linger.ms', 'sink', 0, 900000),
  choice('client.dns.lookup', 'both', [
    'use_all_dns_ips',
    'resolve_canonical_bootstrap_servers_only'
  ]),
  flag('enable.metrics.push', 'both'),
  integer('request.required.acks', 'sink', -1, 1000, ['all']),
  integer('request.timeout.ms', 'sink', 1, 900000),
  integer('message.timeout.ms', 'sink', 0, 2147483647),
  text('partitioner', 'sink'),
  integer('compression.level', 'sink', -1, 12),
  choice('auto.offset.reset', 'source', [
    'smallest',
    'earliest',
    'beginning',
    'largest',
    'latest',
    'end',
    'error'
  ])
]

/** librdkafka's own second names. */
export const librdkafkaAliases: Readonly<Record<string, string>> = {
  'bootstrap.servers': 'metadata.broker.list',
  'max.in.flight': 'max.in.flight.requests.per.connection',
  'sasl.mechanism': 'sasl.mechanisms',
  'sasl.oauthbearer.client.credentials.client.id': 'sasl.oauthbearer.client.id',
  'sasl.oauthbearer.client.credentials.client.secret': 'sasl.oauthbearer.client.secret',
  'max.partition.fetch.bytes': 'fetch.message.max.bytes',
  'linger.ms': 'queue.buffering.max.ms',
  retries: 'message.send.max.retries',
  'compression.type': 'compression.codec',
  acks: 'request.required.acks',
  'delivery.timeout.ms': 'message.timeout.ms'
}
