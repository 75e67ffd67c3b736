/** What expressions and changes of tables compile to: in pipelines, and in statements that a running one is asked. */
export * from './aggregates/index.ts'
export * from './functions/index.ts'
export * from './joins/index.ts'
export * from './over/index.ts'
export * from './state/index.ts'
export * from './codec/values/index.ts'
export { viewAfter, viewBefore } from './pipeline/attempt-view.ts'
export {
  lateRow,
  noEventTime,
  notFinite,
  nullElement,
  rowError,
  tooFarInFuture
} from './pipeline/row-error.ts'
export {
  absDecimal,
  compareDecimal,
  decimalConstant,
  decimalFromInteger,
  decimalToDouble,
  negateDecimal
} from './sql/decimal.ts'
export { compareBytes } from './sql/bytes.ts'
export { compareInterval } from './sql/interval.ts'
