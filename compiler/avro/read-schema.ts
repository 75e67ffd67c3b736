import { parseSchema, SchemaSyntaxError } from '../../runtime/avro/parse-schema.ts'
import type { AvroSchema } from '../../runtime/avro/schema.ts'

/** A schema of Avro from its text; a string says why it is none. */
export function readSchema(text: string, references: readonly string[] = []): AvroSchema | string {
  try {
    return parseSchema(text, references)
  } catch (error) {
    if (error instanceof SchemaSyntaxError) return error.message
    throw error
  }
}
