import type { Span } from '../source/index.ts'
import type { Diagnostic } from './diagnostic.ts'

interface Client {
  readonly what: 'source' | 'sink'
  readonly name: string
  readonly span: Span
}

export function commitTooRare(span: Span) {
  return {
    code: 'commit-too-rare',
    severity: 'error',
    span,
    message: "commit_interval is at most 5 minutes with delivery = 'exactly_once'",
    hint: 'A transaction is open for so long, and brokers end those that take too long.'
  } satisfies Diagnostic
}

export function transactionOverClusters(other: Client, first: Client) {
  return {
    code: 'transaction-over-clusters',
    severity: 'error',
    span: other.span,
    message: `${other.what} "${other.name}" is on other brokers than ${first.what} "${first.name}", and one transaction can't be on both`,
    hint: "Exactly once needs one Kafka cluster. Give both the same brokers, or use SET delivery = 'at_least_once'.",
    related: [{ message: `${first.what} "${first.name}"`, span: first.span }]
  } satisfies Diagnostic
}

export function sinksShareProducer(
  setting: string,
  sink: string,
  first: string,
  span: Span,
  firstSpan: Span
) {
  return {
    code: 'sinks-share-producer',
    severity: 'error',
    span,
    message: `"${setting}" of sink "${sink}" is another than that of sink "${first}"`,
    hint: 'Exactly once, all sinks of a script send through one producer, which has one setting. Set the same for all.',
    related: [{ message: `sink "${first}"`, span: firstSpan }]
  } satisfies Diagnostic
}

export function transactionTimesOut(span: Span) {
  return {
    code: 'transaction-times-out',
    severity: 'error',
    span,
    message: '"transaction.timeout.ms" is less than twice the commit_interval',
    hint: 'A transaction is open for a commit_interval, and has to be flushed and committed behind it.'
  } satisfies Diagnostic
}
