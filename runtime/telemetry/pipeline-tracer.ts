import {
  type Attributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer
} from '@opentelemetry/api'
import type { Batch, SinkDefinition, SourceDefinition } from '../contract/index.ts'
import type { Polling, Sending, Work, WorkTracer } from '../observe/work-tracer.ts'
import { linksOf } from './links.ts'
import { ATTRIBUTES, SYSTEM } from './messaging.ts'

/** What has been processed since the last barrier. */
interface Uncommitted {
  readonly links: Link[]
  readonly topics: Set<string>
  readonly groups: Set<string>
  records: number
}

/**
 * A trace for each batch: `poll`, below it `process`, below that `send` for each sink. A `commit` is a trace of its own, with
 * links to the batches that it commits. Records have no spans: what they were made by is what `process` links to.
 */
export function makePipelineTracer(tracer: Tracer, linkLimit: number): WorkTracer {
  return new PipelineTracer(tracer, linkLimit)
}

class PipelineTracer implements WorkTracer {
  readonly #tracer: Tracer
  readonly #linkLimit: number
  #uncommitted = nothingYet()

  constructor(tracer: Tracer, linkLimit: number) {
    this.#tracer = tracer
    this.#linkLimit = linkLimit
  }

  poll(source: SourceDefinition): Polling {
    const began = Date.now()
    const from = performance.now()
    let batch: Batch | null = null
    let context = ROOT_CONTEXT
    return {
      received: polled => {
        batch = polled
        const span = this.#start('poll', 'receive', source.topic, SpanKind.CLIENT, context, {
          startTime: began,
          attributes: describeBatch(source, polled)
        })
        context = trace.setSpan(context, span)
        span.end(began + performance.now() - from)
      },
      process: () => this.#process(source, batch!, context)
    }
  }

  #process(source: SourceDefinition, batch: Batch, context: Context): Work & Sending {
    const span = this.#start('process', 'process', source.topic, SpanKind.CONSUMER, context, {
      attributes: describeBatch(source, batch),
      links: this.#isSampled(context) ? linksOf(batch, this.#linkLimit) : []
    })
    this.#remember(source, batch, span)
    return this.#workOf(span, context)
  }

  /** What its links cost is not spent on a trace that nobody will see. */
  #isSampled(context: Context): boolean {
    return isSampled(trace.getSpan(context)!)
  }

  #remember({ topic, groupId }: SourceDefinition, { count }: Batch, span: Span): void {
    const { links, topics, groups } = this.#uncommitted
    this.#uncommitted.records += count
    topics.add(topic)
    groups.add(groupId)
    if (isSampled(span) && links.length < this.#linkLimit)
      links.push({ context: span.spanContext() })
  }

  commit(): Work & Sending {
    const { links, topics, groups, records } = this.#uncommitted
    this.#uncommitted = nothingYet()
    const [topic = null] = topics.size === 1 ? topics : []
    const [group = null] = groups.size === 1 ? groups : []
    const span = this.#start('commit', 'settle', topic, SpanKind.CLIENT, ROOT_CONTEXT, {
      attributes: {
        [ATTRIBUTES.messages]: records,
        ...(group === null ? {} : { [ATTRIBUTES.group]: group })
      },
      links
    })
    return this.#workOf(span, ROOT_CONTEXT)
  }

  send(sink: SinkDefinition, records: number): Work {
    return this.#send(sink, records, ROOT_CONTEXT)
  }

  #send({ name, topic }: SinkDefinition, records: number, context: Context): Work {
    // No record carries this span's context, so it is the client's call and not the making of messages.
    const span = this.#start('send', 'send', topic, SpanKind.CLIENT, context, {
      attributes: { [ATTRIBUTES.messages]: records, [ATTRIBUTES.sink]: name }
    })
    return { end: failure => end(span, failure) }
  }

  #workOf(span: Span, parent: Context): Work & Sending {
    const context = trace.setSpan(parent, span)
    return {
      end: failure => end(span, failure),
      send: (sink, records) => this.#send(sink, records, context)
    }
  }

  #start(
    operation: string,
    type: string,
    topic: string | null,
    kind: SpanKind,
    context: Context,
    { attributes, ...options }: { startTime?: number; attributes: Attributes; links?: Link[] }
  ): Span {
    const about = {
      [ATTRIBUTES.system]: SYSTEM,
      [ATTRIBUTES.operation]: operation,
      [ATTRIBUTES.operationType]: type,
      ...(topic === null ? {} : { [ATTRIBUTES.destination]: topic }),
      ...attributes
    }
    const name = topic === null ? operation : `${operation} ${topic}`
    return this.#tracer.startSpan(name, { ...options, kind, attributes: about }, context)
  }
}

function nothingYet(): Uncommitted {
  return { links: [], topics: new Set(), groups: new Set(), records: 0 }
}

function isSampled(span: Span): boolean {
  return (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0
}

function describeBatch({ name, groupId }: SourceDefinition, batch: Batch): Attributes {
  const partitions = partitionsOf(batch)
  return {
    [ATTRIBUTES.group]: groupId,
    [ATTRIBUTES.messages]: batch.count,
    [ATTRIBUTES.source]: name,
    [ATTRIBUTES.partitions]: partitions.size,
    ...(partitions.size === 1 ? { [ATTRIBUTES.partition]: String([...partitions][0]) } : {})
  }
}

function partitionsOf({ count, partition }: Batch): ReadonlySet<number> {
  const found = new Set<number>()
  for (let i = 0; i < count; i++) {
    // They come in runs.
    if (i === 0 || partition[i] !== partition[i - 1]) found.add(partition[i]!)
  }
  return found
}

/** What failed is named by its kind: a message may hold what is in a record. */
function end(span: Span, failure: unknown): void {
  if (failure !== null) {
    span.setAttribute(ATTRIBUTES.error, failure instanceof Error ? failure.name : String(failure))
    span.setStatus({ code: SpanStatusCode.ERROR })
  }
  span.end()
}
