export type { AvroSchema } from '../../runtime/avro/schema.ts'
export { inferColumns, rowOfChange } from './infer-columns.ts'
export { readSchema } from './read-schema.ts'
export { type AvroMisfit, deriveEnvelope, deriveSchema } from './derive-schema.ts'
