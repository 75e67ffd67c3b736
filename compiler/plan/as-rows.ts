import type { BoundScript, BoundSource } from '../ir/index.ts'

/** The script with records in JSON where they have schemas: what it does with their rows is the same. */
export function asRows(script: BoundScript): BoundScript {
  const plain = { registry: null, writerSchema: null, protoSchema: null } as const
  return {
    ...script,
    sources: script.sources.map(source =>
      hasSchemas(source.format) ? { ...source, ...plain, format: 'json' } : source
    ),
    sinks: script.sinks.map(sink =>
      sink.encoding !== 'json'
        ? { ...sink, registry: null, recordSchema: null, encoding: 'json' }
        : sink.format === 'arrow'
          ? { ...sink, format: 'json' }
          : sink
    )
  }
}

function hasSchemas(format: BoundSource['format']): boolean {
  return format === 'avro' || format === 'arrow' || format === 'protobuf'
}
