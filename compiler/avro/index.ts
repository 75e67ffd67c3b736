export type { AvroSchema } from '../../runtime/avro/schema.ts'
export { inferColumns } from './infer-columns.ts'
export { readSchema } from './read-schema.ts'
export { type AvroMisfit, deriveEnvelope, deriveSchema } from './derive-schema.ts'
