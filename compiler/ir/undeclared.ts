import type { BoundScript, BoundSink } from './bound.ts'

/** A script that declares nothing. */
export const EMPTY_SCRIPT = Object.freeze({
  sources: [],
  sinks: [],
  tables: [],
  views: [],
  models: [],
  inserts: [],
  changes: [],
  asked: [],
  tests: []
}) satisfies Partial<BoundScript>

/** What a sink has that nobody has declared: rows are JSON, and one that can't be written is the end. */
export const UNDECLARED_SINK = Object.freeze({
  registry: null,
  compression: 'none',
  format: 'json',
  encoding: 'json',
  recordSchema: null,
  keyFormat: null,
  keySchema: null,
  decimalFormat: 'number',
  partitionKey: [],
  keysNull: false,
  form: null,
  table: null,
  linger: 0,
  properties: [],
  onError: Object.freeze({ action: 'fail', maxRetries: 0, retryBackoff: 0, deadLetterTopic: null })
} as const) satisfies Partial<BoundSink>
