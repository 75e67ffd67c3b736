/** Every name that generated code may use. */
export type * from './contract/index.ts'
export type { Decimal } from './sql/decimal.ts'
export { cumulateWindows, hopWindows } from './time/sliced-windows.ts'
export type { SourceClock } from './time/source-clock.ts'
export type { Interval } from './sql/interval.ts'
export * from './arrow/index.ts'
export * from './avro/index.ts'
export * from './protobuf/index.ts'
export * from './codec/index.ts'
export {
  headerBytes,
  headersStatus,
  headerTexts,
  keyBytes,
  keyBytesStatus,
  valueBytes,
  valueBytesStatus
} from './codec/record-metadata.ts'
export { keyStatus, keyText, valueStatus, valueText } from './codec/whole-text.ts'
export { doing } from './observe/doing.ts'
export { answerOf, askModel, refuseNaN } from './model/ask-model.ts'
export { WaitingRows } from './model/waiting-rows.ts'
export { formatDate as dateKey, formatTimeOfDay as timeKey } from './sql/date-text.ts'
export { formatIsoInterval as intervalKey } from './sql/interval-text.ts'
export { formatTimestamp as timestampKey } from './sql/timestamp.ts'
export { askTables, deleteQuery, insertQuery, updateQuery } from './query/change-by-query.ts'
export type { Query } from './query/query.ts'
export { runPipeline } from './run/run-pipeline.ts'
export * from './value-functions.ts'
