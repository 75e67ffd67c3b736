/** What expressions and changes of tables compile to: in pipelines, and in statements that a running one is asked. */
export * from './functions/index.ts'
export * from './state/index.ts'
export * from './codec/values/index.ts'
export { failNotFinite, notFinite, rowError } from './pipeline/row-error.ts'
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
