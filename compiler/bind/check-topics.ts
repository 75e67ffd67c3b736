import { deadLetterIsInput, sourcesShareGroup } from '../diagnostics/bind-kafka.ts'
import type { BoundSink, BoundSource } from '../ir/index.ts'
import type { Span } from '../source/index.ts'
import { type BindContext, report } from './context.ts'

/** Dead letters that the pipeline would read as input. */
export function checkTopics(
  sources: readonly BoundSource[],
  sinks: readonly BoundSink[],
  cx: BindContext
): void {
  const owners = [
    ...sources.map(source => ({ ...source, called: `source "${source.name}"` })),
    ...sinks.map(sink => ({ ...sink, called: `sink "${sink.name}"` }))
  ]
  for (const { onError, brokers, called, span } of owners) {
    const reader = sources.find(
      source => source.topic === onError.deadLetterTopic && source.brokers === brokers
    )
    if (reader === undefined) continue
    const place = topicSpan(span, cx) ?? span
    report(cx, deadLetterIsInput(reader.topic, called, reader.name, place, reader.span))
  }
}

/** Sources that Kafka would share the records of a topic out to, where each is meant to have all of them. */
export function checkGroups(cx: BindContext): void {
  const readers: BoundSource[] = []
  for (const [declaration, source] of cx.sources) {
    // Nobody polls a source that is not read.
    if (source.feeds === null && !cx.read.has(declaration)) continue
    const other = readers.find(
      ({ brokers, topic, groupId }) =>
        brokers === source.brokers && topic === source.topic && groupId === source.groupId
    )
    if (other !== undefined) report(cx, sourcesShareGroup(other, source))
    readers.push(source)
  }
}

/** Where the declaration of that name says dead_letter_topic; null where the topic is the usual one. */
function topicSpan(name: Span, { catalog }: BindContext): Span | null {
  const declaration = catalog.declarations.find(({ span }) => span === name)
  if (declaration?.kind !== 'Source' && declaration?.kind !== 'Sink') return null
  const properties = declaration.statement.onError?.properties ?? []
  const property = properties.find(
    candidate => candidate.name.toLowerCase() === 'dead_letter_topic'
  )
  return property?.value.span ?? null
}
