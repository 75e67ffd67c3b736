import { sinkFeedsItself } from '../diagnostics/plan.ts'
import type { BoundSource, SinkNode, StreamNode } from '../ir/index.ts'
import type { Session } from '../session.ts'

/** Which sources bring back what a sink writes, and to which sinks. */
type Returns = ReadonlyMap<
  SinkNode,
  readonly { readonly source: BoundSource; readonly sink: SinkNode }[]
>

/** Warns of sinks whose records come back to them, perhaps by way of other sinks; of each circle once. */
export function warnLoops(sinks: readonly SinkNode[], session: Session): void {
  const returns = findReturns(sinks)
  const warned: SinkNode[] = []
  for (const node of sinks) {
    const inCircle = (other: SinkNode): boolean =>
      reaches(node, other, returns) && reaches(other, node, returns)
    if (!reaches(node, node, returns) || warned.some(inCircle)) continue
    warned.push(node)
    const last = sinks.filter(inCircle).flatMap(other => returns.get(other)!)
    const { source } = last.find(({ sink }) => sink === node)!
    session.diagnostics.push(
      sinkFeedsItself(node.sink.name, source.name, node.sink.span, source.span)
    )
  }
}

function findReturns(sinks: readonly SinkNode[]): Returns {
  const feeds = sinks.flatMap(sink => findSources(sink).map(source => ({ source, sink })))
  return new Map(
    sinks.map(node => {
      const { topic, brokers } = node.sink
      const back = feeds.filter(
        ({ source }) => source.topic === topic && source.brokers === brokers
      )
      return [node, back]
    })
  )
}

/** In one step or more. */
function reaches(from: SinkNode, to: SinkNode, returns: Returns): boolean {
  const seen = new Set<SinkNode>()
  const stack = [from]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const { sink } of returns.get(node)!) {
      if (sink === to) return true
      if (!seen.has(sink)) stack.push(sink)
      seen.add(sink)
    }
  }
  return false
}

function findSources(sink: SinkNode): readonly BoundSource[] {
  const sources = new Set<BoundSource>()
  const seen = new Set<StreamNode>()
  const stack: StreamNode[] = [sink]
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue
    seen.add(node)
    if (node.kind === 'Source') sources.add(node.source)
    stack.push(...node.inputs)
  }
  return [...sources]
}
