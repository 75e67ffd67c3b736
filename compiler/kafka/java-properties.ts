/** What a name of Kafka's Java clients means to librdkafka. `divide`: the unit is larger, by this factor. */
export interface JavaProperty {
  readonly source?: string
  readonly sink?: string
  readonly divide?: number
}

/** Names of the Java clients that librdkafka spells differently; the others are the same in both. */
export const javaProperties: Readonly<Record<string, JavaProperty>> = {
  'fetch.max.wait.ms': { source: 'fetch.wait.max.ms' },
  'request.timeout.ms': { source: 'socket.timeout.ms', sink: 'request.timeout.ms' },
  'buffer.memory': { sink: 'queue.buffering.max.kbytes', divide: 1024 },
  'max.request.size': { sink: 'message.max.bytes' },
  'receive.buffer.bytes': {
    source: 'socket.receive.buffer.bytes',
    sink: 'socket.receive.buffer.bytes'
  },
  'send.buffer.bytes': { source: 'socket.send.buffer.bytes', sink: 'socket.send.buffer.bytes' },
  'socket.connection.setup.timeout.max.ms': {
    source: 'socket.connection.setup.timeout.ms',
    sink: 'socket.connection.setup.timeout.ms'
  },
  'compression.gzip.level': { sink: 'compression.level' },
  'compression.lz4.level': { sink: 'compression.level' },
  'compression.zstd.level': { sink: 'compression.level' }
}

/** Names of the Java clients that have no counterpart, and what to do instead, in full sentences. */
export const javaOnlyProperties: Readonly<Record<string, string>> = {
  'key.serializer': 'Leave it out: the sink writes its own format.',
  'value.serializer': 'Leave it out: the sink writes its own format.',
  'key.deserializer': 'Leave it out: the source reads its own format.',
  'value.deserializer': 'Leave it out: the source reads its own format.',
  'sasl.jaas.config': "Set 'sasl.username' and 'sasl.password' instead.",
  'ssl.truststore.location': "Set 'ssl.ca.location' to a PEM file instead.",
  'ssl.truststore.password': "Set 'ssl.ca.location' to a PEM file instead.",
  'ssl.truststore.type': "Set 'ssl.ca.location' to a PEM file instead.",
  'ssl.keystore.type': 'Leave it out: the key store is PKCS#12.',
  'schema.registry.url': 'Set the parameter "schema_registry_url" instead.',
  'value.subject.name.strategy': 'Set the parameter "schema_subject" instead.',
  'basic.auth.credentials.source': "Leave it out: 'basic.auth.user.info' is enough.",
  'bearer.auth.credentials.source': "Leave it out: 'bearer.auth.token' is enough.",
  'schema.registry.ssl.truststore.location':
    "Set 'schema.registry.ssl.ca.location' to a PEM file instead.",
  'schema.registry.ssl.truststore.password':
    "Set 'schema.registry.ssl.ca.location' to a PEM file instead.",
  'schema.registry.ssl.keystore.location':
    "Set 'schema.registry.ssl.certificate.location' and 'schema.registry.ssl.key.location' instead.",
  'partitioner.class': "Set 'partitioner' instead.",
  'interceptor.classes': 'Leave it out: Java classes do not run in a pipeline.',
  'metric.reporters': 'Leave it out: the pipeline has metrics of its own.',
  'max.block.ms': 'Leave it out: a full producer pauses the source.',
  'default.api.timeout.ms': "Set 'socket.timeout.ms' instead.",
  'exclude.internal.topics': 'Leave it out: a source reads the one topic that it names.'
}
