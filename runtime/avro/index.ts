export { AvroDecoder } from './avro-decoder.ts'
export type { AvroColumn } from './plan.ts'
export { avroBoolean, avroEncoder, avroInterval } from './avro-encoder.ts'
