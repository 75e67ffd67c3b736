import {
  sinksShareProducer,
  transactionOverClusters,
  transactionTimesOut
} from '../diagnostics/bind-delivery.ts'
import { propertyReserved } from '../diagnostics/bind-kafka.ts'
import type { BoundProperty, BoundSettings, BoundSink, BoundSource } from '../ir/index.ts'
import { exactlyOnceProperties } from '../kafka/index.ts'
import { type BindContext, report } from './context.ts'

const COMPRESSION = 'compression.codec'

/**
 * What exactly once asks of sources and sinks: one transaction, of one producer, has all that they read and write. Between the parts
 * of a parallel script everything goes exactly once, so that no row is counted twice.
 */
export function checkDelivery(
  settings: BoundSettings,
  all: readonly BoundSink[],
  cx: BindContext
): void {
  if (settings.delivery !== 'exactly_once' && settings.parallelism === 1) return
  const sources = [...cx.sources].flatMap(([declaration, source]) =>
    source.feeds !== null || cx.read.has(declaration) ? [source] : []
  )
  const sinks = all.filter(({ connector }) => connector === 'kafka')
  checkClusters(sources, sinks, cx)
  for (const { properties } of sources) checkProperties('source', properties, cx)
  for (const { properties } of sinks) checkProperties('sink', properties, cx)
  for (const { properties } of sinks) checkTimeout(properties, settings.commitInterval, cx)
  for (const [index, sink] of sinks.entries()) checkProducer(sink, sinks.slice(0, index), cx)
}

function checkClusters(
  sources: readonly BoundSource[],
  sinks: readonly BoundSink[],
  cx: BindContext
): void {
  const clients = [
    ...sources.map(source => ({ ...source, what: 'source' as const })),
    ...sinks.map(sink => ({ ...sink, what: 'sink' as const }))
  ]
  const [first] = clients
  for (const client of clients) {
    if (first !== undefined && !shareBroker(client.brokers, first.brokers))
      report(cx, transactionOverClusters(client, first))
  }
}

/** Lists of bootstrap addresses may differ, but a broker is in one cluster only. */
function shareBroker(one: string, other: string): boolean {
  const addresses = (list: string): string[] => list.split(',').map(address => address.trim())
  return addresses(one).some(address => addresses(other).includes(address))
}

function checkProperties(
  client: 'source' | 'sink',
  properties: readonly BoundProperty[],
  cx: BindContext
): void {
  for (const { name, value, span } of properties) {
    const reserved = exactlyOnceProperties[client][name]
    if (reserved !== undefined && !reserved.allowed.includes(value.toLowerCase()))
      report(cx, propertyReserved(name, value, reserved.why, span))
  }
}

function checkTimeout(
  properties: readonly BoundProperty[],
  commitInterval: number,
  cx: BindContext
): void {
  const timeout = properties.find(({ name }) => name === 'transaction.timeout.ms')
  if (timeout !== undefined && Number(timeout.value) < 2 * commitInterval)
    report(cx, transactionTimesOut(timeout.span))
}

/** Linger and batch size may differ: they change when records are sent, and a commit sends them all. */
function checkProducer(sink: BoundSink, before: readonly BoundSink[], cx: BindContext): void {
  const [first] = before
  if (first !== undefined && compressionOf(sink) !== compressionOf(first)) {
    report(cx, sinksShareProducer('compression', sink.name, first.name, sink.span, first.span))
  }
  for (const { name, value, span } of sink.properties) {
    if (name === COMPRESSION) continue
    const same = before.flatMap(({ name: other, properties }) =>
      properties.filter(property => property.name === name).map(property => ({ other, property }))
    )
    const found = same.find(({ property }) => property.value !== value)
    if (found === undefined) continue
    report(cx, sinksShareProducer(name, sink.name, found.other, span, found.property.span))
  }
}

function compressionOf({ compression, properties }: BoundSink): string {
  return properties.find(({ name }) => name === COMPRESSION)?.value ?? compression
}
