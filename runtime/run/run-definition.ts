import type { PipelineDefinition, PipelineTopology } from '../contract/index.ts'
import { shareOfClients } from '../memory/index.ts'
import type { RunOptions } from '../pipeline/command-line.ts'

/** One pipeline, or the parts of one. */
export type RunDefinition = PipelineDefinition | PipelineTopology

export function isOneProcess(definition: RunDefinition): boolean {
  return !('fragments' in definition) && definition.tables.length + definition.stages.length > 0
}

export function keepsState(definition: RunDefinition): boolean {
  return 'fragments' in definition || isOneProcess(definition)
}

/** In the form that shows rows on their way, where it was compiled with one. */
export function looking(definition: RunDefinition): RunDefinition {
  const { plan, sql } = definition
  const found = definition.looking?.()
  return found === undefined ? definition : { ...found, plan, sql }
}

/** How many sources and sinks a process may have. */
export function countEnds(definition: RunDefinition): number {
  const tasks = 'fragments' in definition ? definition.fragments.map(one => one.tasks) : [1]
  return partsOf(definition).reduce(
    (sum, { sources, sinks }, i) => sum + (sources.length + sinks.length) * tasks[i]!,
    0
  )
}

/** Those of the script, whichever part reads or writes them. */
export function topicsOf(definition: RunDefinition): Readonly<Record<'sources' | 'sinks', string>> {
  const parts = partsOf(definition)
  const list = (ends: readonly { readonly topic: string; readonly exchange?: object }[]): string =>
    [...new Set(ends.flatMap(end => (end.exchange === undefined ? [end.topic] : [])))].join(' ')
  return {
    sources: list(parts.flatMap(({ sources }) => sources)),
    sinks: list(parts.flatMap(({ sinks }) => sinks))
  }
}

/** Of a script that runs in several, else the one that it is. */
export function partsOf(definition: RunDefinition): readonly PipelineDefinition[] {
  return 'fragments' in definition ? definition.fragments.map(one => one.make()) : [definition]
}

export function withOptions(
  definition: PipelineDefinition,
  { brokers, groupProtocol, rebuildState, skipMissing, maxMemory }: RunOptions,
  ends: number
): PipelineDefinition {
  const own = brokers === null ? {} : { brokers }
  const start = rebuildState ? { autoOffsetReset: 'earliest' as const } : {}
  const skips = skipMissing ? { skipsMissing: true as const } : {}
  const group = groupProtocol === null ? {} : { 'group.protocol': groupProtocol }
  const share = maxMemory === null ? null : shareOfClients(maxMemory, ends)
  return {
    ...definition,
    sources: definition.sources.map(source => ({
      ...source,
      ...own,
      ...start,
      ...skips,
      properties: { ...group, ...share?.source, ...source.properties }
    })),
    sinks: definition.sinks.map(sink => ({
      ...sink,
      ...own,
      properties: { ...share?.sink, ...sink.properties }
    }))
  }
}
