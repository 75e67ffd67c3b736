export type { AvroSchema } from '../../runtime/avro/schema.ts'
export { inferColumns, type InferredColumn, type InferredColumns } from './infer-columns.ts'
export { readSchema } from './read-schema.ts'
export { type AvroMisfit, deriveSchema } from './derive-schema.ts'
