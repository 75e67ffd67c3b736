/** The package's own entry also loads its KafkaJS-compatible half: 20 ms and 10 MB that no pipeline uses. */
declare module '@confluentinc/kafka-javascript/lib/rdkafka.js' {
  const rdkafka: Omit<typeof import('@confluentinc/kafka-javascript'), 'KafkaJS'>
  export default rdkafka
}

/** The addon itself, with what .ci/setup adds to it. */
declare module '@confluentinc/kafka-javascript/librdkafka.js' {
  const addon: object
  export default addon
}
