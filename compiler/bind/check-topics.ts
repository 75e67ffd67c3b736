import { deadLetterIsInput, sinkFeedsSource } from '../diagnostics/bind-kafka.ts'
import type { BoundSink, BoundSource } from '../ir/index.ts'
import { type BindContext, report } from './context.ts'

/** Topics that would make a pipeline read what it wrote. */
export function checkTopics(
  sources: readonly BoundSource[],
  sinks: readonly BoundSink[],
  cx: BindContext
): void {
  for (const { onError, span } of [...sources, ...sinks]) {
    const input = sources.find(source => source.topic === onError.deadLetterTopic)
    if (input !== undefined) {
      report(cx, deadLetterIsInput(input.topic, input.name, span, input.span))
    }
  }
  for (const sink of sinks) {
    const source = sources.find(
      ({ topic, brokers }) => topic === sink.topic && brokers === sink.brokers
    )
    if (source !== undefined) {
      report(cx, sinkFeedsSource(sink.name, source.name, sink.topic, sink.span, source.span))
    }
  }
}
