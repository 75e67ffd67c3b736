export {
  type Changed,
  deleteKey,
  deleteRows,
  insertRows,
  type RowUpdate,
  updateRow,
  updateRows,
  upsertRow
} from './change-table.ts'
export { onlyRow } from './only-row.ts'
export { tableKey } from './table-key.ts'
export { TableState } from './table-state.ts'
