import type { BoundScript, BoundSink, BoundSource } from '../ir/index.ts'

/** The script with records in JSON where they have schemas: what it does with their rows is the same. */
export function asRows(script: BoundScript): BoundScript {
  const plain = { registry: null, writerSchema: null, protoSchema: null } as const
  return {
    ...script,
    sources: script.sources.map(source =>
      hasSchemas(source.format)
        ? { ...source, ...plain, feeds: plainFeed(source), format: 'json' }
        : source
    ),
    sinks: script.sinks.map(sink =>
      sink.encoding !== 'json'
        ? { ...sink, registry: null, recordSchema: null, encoding: 'json', ...plainKey(sink) }
        : sink.format === 'arrow'
          ? { ...sink, format: 'json' }
          : sink
    )
  }
}

/** Keys in Avro are what sinks write where nothing else is said. */
function plainFeed({ feeds }: BoundSource): BoundSource['feeds'] {
  return feeds?.keyFormat === 'avro' ? feeds.plain : feeds
}

function plainKey({ keyFormat }: BoundSink): Pick<BoundSink, 'keyFormat'> {
  return { keyFormat: keyFormat === 'avro' ? null : keyFormat }
}

function hasSchemas(format: BoundSource['format']): boolean {
  return format === 'avro' || format === 'arrow' || format === 'protobuf'
}
