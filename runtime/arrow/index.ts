export { ArrowColumn, type ArrowColumnDefinition } from './arrow-column.ts'
export { ArrowRows } from './arrow-rows.ts'
export { ArrowWriter, notInArrow } from './arrow-writer.ts'
