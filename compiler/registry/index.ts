export { openSchemas, type SchemaBook, type SchemaChoice, schemaChoices } from './schema-book.ts'
export { findKept, readKept } from './schemas-file.ts'
