import type { BenchCase } from './harness/case.ts'

/**
 * In the order in which they run. The decoder comes first: it measures this process, which is still quiet then. Each is
 * loaded when it is asked for.
 */
export const cases: Readonly<Record<string, () => Promise<BenchCase>>> = {
  decoder: async () => (await import('./cases/decoder/decoder.ts')).decoder,
  compile: async () => (await import('./cases/compile/compile.ts')).compile,
  start: async () => (await import('./cases/start/start.ts')).start,
  ingestion: async () => (await import('./cases/ingestion/ingestion.ts')).ingestion,
  latency: async () => (await import('./cases/latency/latency.ts')).latency,
  'job-a-121b': async () => contest('job-a-121b'),
  'job-a-121b-node': async () => contest('job-a-121b-node'),
  'job-a-1kb': async () => contest('job-a-1kb'),
  'job-a-10kb': async () => contest('job-a-10kb'),
  'job-b-1k-keys': async () => contest('job-b-1k-keys'),
  'job-b-1m-keys': async () => contest('job-b-1m-keys'),
  enrichment: async () => contest('enrichment'),
  predict: async () => contest('predict'),
  steady: async () => (await import('./cases/steady/steady.ts')).steady,
  workers: async () => (await import('./cases/workers/workers.ts')).workers,
  'changes-out': async () => (await import('./cases/changes-out/changes-out.ts')).changesOut,
  'exactly-once': async () => (await import('./cases/exactly-once/exactly-once.ts')).exactlyOnce,
  'error-storm': async () => (await import('./cases/error-storm/error-storm.ts')).errorStorm,
  sql: async () => (await import('./cases/sql/sql.ts')).sql,
  restore: async () => (await import('./cases/restore/restore.ts')).restore,
  pauses: async () => (await import('./cases/pauses/pauses.ts')).pauses,
  nexmark: async () => (await import('./cases/nexmark/nexmark.ts')).nexmark
}

async function contest(
  name: Parameters<typeof import('./cases/peers/peers.ts').contest>[0]
): Promise<BenchCase> {
  return (await import('./cases/peers/peers.ts')).contest(name)
}
