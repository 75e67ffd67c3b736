export { AvroDecoder } from './avro-decoder.ts'
export type { AvroColumn } from './plan.ts'
