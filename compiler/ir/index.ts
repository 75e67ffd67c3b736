export type * from './bound-test.ts'
export * from './aggregate-call.ts'
export type * from './batch.ts'
export type * from './bound.ts'
export type * from './bound-table.ts'
export type * from './group-session.ts'
export type * from './join-kind.ts'
export type * from './join-times.ts'
export type * from './scalars.ts'
export type * from './stages.ts'
export type * from './state-trace.ts'
export type * from './streams.ts'
export type * from './time-column.ts'
export type * from './unnest.ts'
export { childrenOf, withChildren } from './children.ts'
export { splitConjuncts } from './conjuncts.ts'
export { endKey, exchangeKey, operatorKey, stateKey, workKey } from './operator-keys.ts'
export { timeOf } from './event-time.ts'
export { groupingBits } from './grouping-bits.ts'
export { makeInterner } from './intern.ts'
export { intervalParts } from './interval-parts.ts'
export { InternalError, invariant } from './invariant.ts'
export { keyColumn } from './key-column.ts'
export { answerType, answerWidth } from './model-answer.ts'
export { makeSelect } from './make-bound.ts'
export { exprsOfOver, mapOver, type OverCall, type OverFrame, type WindowCall } from './over.ts'
export { nullKey } from './null-key.ts'
export { onlyComes } from './only-comes.ts'
export { typeAsRead } from './type-as-read.ts'
export { forgetsAfter, makeOver, type OverParts, readsFrame, waitOf } from './make-over.ts'
export { intersect, type PlaceBounds, placeBounds, type Places, rankOf } from './place-bounds.ts'
export { goesByProcessingTime } from './processing-time.ts'
export { isJsonWritten, isPlain, plainColumn } from './plain-column.ts'
export * from './make-scalars.ts'
export { mirroredComparisons } from './mirrored-comparisons.ts'
export { joinSchema, lookupSchema } from './join-schema.ts'
export * from './make-join.ts'
export * from './make-streams.ts'
export { rewriteStreams, withInputs } from './rewrite-streams.ts'
export { tablesRead } from './tables-read.ts'
export { EMPTY_SCRIPT, UNDECLARED_SINK } from './undeclared.ts'
export { verbOf } from './verb-of.ts'
export { changesOfTests, testSinkName, testValuesName } from './test-names.ts'
export { columnOfBytes, SET_SIZE, textComparisonOf } from './text-comparison.ts'
export { lengthOf, windowLengths, type WindowLengths } from './window-lengths.ts'
export {
  callsModel,
  columnsOf,
  foldExpr,
  readsWithin,
  replaceColumns,
  replaceSubtrees,
  rewriteExpr,
  shiftColumns,
  someExpr,
  walkExpr
} from './walk-scalars.ts'
