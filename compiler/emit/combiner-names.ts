import { type Code, makeCode, makeScope, pascalCase } from '../code/index.ts'
import type { Combiner } from '../ir/index.ts'
import { type AggregateNames, nameAggregate } from './group-names.ts'
import type { Module } from './module.ts'

/** What the groups that go to an exchange are called in generated code. */
export interface CombinerNames {
  readonly combiner: Combiner
  /** The class of one group. */
  readonly group: Code
  /** The variable that holds them, set when the pipeline opens. */
  readonly groups: Code
  /** The variable of the batch that they seem to come in. */
  readonly rows: Code
  /** The function that sends a group, and the one that sends all. */
  readonly send: Code
  readonly sendAll: Code
  /** The fields of the keys. */
  readonly keys: readonly Code[]
  readonly aggregates: readonly AggregateNames[]
}

export function nameCombiner(combiner: Combiner, module: Module): CombinerNames {
  const { name, keys, aggregates } = combiner
  const { scope } = module
  const fields = makeScope()
  return {
    combiner,
    group: makeCode(pascalCase(scope.name(`sent ${name} group`).text)),
    groups: scope.name(`sent ${name}`),
    rows: scope.name(`sent ${name} rows`),
    send: scope.name(`send ${name}`),
    sendAll: scope.name(`send all ${name}`),
    keys: keys.columns.map(column => fields.name(column.name)),
    aggregates: aggregates.map(call => nameAggregate(call, false, fields, module))
  }
}
