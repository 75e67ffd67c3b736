export { type Accumulator, type AccumulatorContext, accumulatorOf } from './accumulators.ts'
export {
  countNumbers,
  packGroups,
  type PackedField,
  type PackedFields,
  type PackedPlace
} from './packed-fields.ts'
export { emitComparer } from './comparer.ts'
export { type AggregateEntry, aggregates, findAggregate, mergesInAnyOrder } from './aggregates.ts'
export { findWindowFunction, type WindowFunction, windowFunctions } from './window-functions.ts'
export { windowTables } from './window-tables.ts'
export { callableNames, catalogue, entryOf, findFunction } from './catalogue.ts'
export { exprCanFail } from './can-fail.ts'
export { isVolatile } from './is-volatile.ts'
export { castGivesNull, emitCast } from './cast.ts'
export { emitComparison, type CompareContext, type Comparison } from './comparison.ts'
export { emitCodec } from './codec.ts'
export type {
  ArgumentFault,
  ArgumentType,
  CallContext,
  FunctionEntry,
  RuntimeName,
  Signature
} from './entry.ts'
export { parseJsonPath } from './json-path.ts'
export { otherNames } from './other-names.ts'
export { plannedFunctions, plannedHints } from './planned.ts'
export { emitCall, parameterType, resolveSignature, signatureOf } from './resolve.ts'
export { listFunctions, type ListedFunction } from './list-functions.ts'
