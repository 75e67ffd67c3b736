export {
  type Changed,
  deleteKey,
  deleteRows,
  insertRows,
  requireKey,
  type RowUpdate,
  storeChange,
  updateRow,
  updateRows,
  upsertRow
} from './change-table.ts'
export { CombinedGroups } from './combined-groups.ts'
export { GroupState } from './group-state.ts'
export { groupKey } from './group-key.ts'
export { lookUpAll } from './look-up-all.ts'
export { PackedSlices } from './packed-slices.ts'
export { PackedState } from './packed-state.ts'
export { onlyRow } from './only-row.ts'
export { SessionState } from './session-state.ts'
export { SlicedState } from './sliced-state.ts'
export { changedElements } from './changed-elements.ts'
export { sameRow } from './same-row.ts'
export { nullableKey, tableKey } from './table-key.ts'
export { savedFromText, savedToText } from './state-codec.ts'
export { TableState } from './table-state.ts'
export { TOLD_AT_ONCE } from './told-at-once.ts'
export { TopState } from './top-state.ts'
