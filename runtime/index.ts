/** Every name that generated code may use. */
export type * from './contract/index.ts'
export type { Decimal } from './sql/decimal.ts'
export type { Interval } from './sql/interval.ts'
export * from './codec/index.ts'
export { keyStatus, keyText, valueStatus, valueText } from './codec/whole-text.ts'
export * from './functions/index.ts'
export { askModel, refuseNaN } from './model/ask-model.ts'
export { WaitingRows } from './model/waiting-rows.ts'
export { failNotFinite, notFinite, rowError } from './pipeline/row-error.ts'
export {
  absDecimal,
  compareDecimal,
  decimalConstant,
  decimalFromInteger,
  decimalToDouble,
  negateDecimal
} from './sql/decimal.ts'
export { formatDate as dateKey, formatTimeOfDay as timeKey } from './sql/date-text.ts'
export { compareBytes } from './sql/bytes.ts'
export { compareInterval } from './sql/interval.ts'
export { formatIsoInterval as intervalKey } from './sql/interval-text.ts'
export { formatTimestamp as timestampKey } from './sql/timestamp.ts'
export { runPipeline } from './pipeline/run-pipeline.ts'
export * from './state/index.ts'
