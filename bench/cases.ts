import type { BenchCase } from './harness/case.ts'

/**
 * In the order in which they run. The decoder comes first: it measures this process, which is still quiet then. Each is
 * loaded when it is asked for.
 */
export const cases: Readonly<Record<string, () => Promise<BenchCase>>> = {
  decoder: async () => (await import('./cases/decoder/decoder.ts')).decoder,
  compile: async () => (await import('./cases/compile/compile.ts')).compile,
  start: async () => (await import('./cases/start/start.ts')).start,
  'end-to-end': async () => (await import('./cases/end-to-end/end-to-end.ts')).endToEnd,
  ingestion: async () => (await import('./cases/ingestion/ingestion.ts')).ingestion,
  latency: async () => (await import('./cases/latency/latency.ts')).latency,
  peers: async () => (await import('./cases/peers/peers.ts')).peers,
  enrichment: async () => (await import('./cases/enrichment/enrichment.ts')).enrichment,
  windows: async () => (await import('./cases/windows/windows.ts')).windows,
  'exactly-once': async () => (await import('./cases/exactly-once/exactly-once.ts')).exactlyOnce,
  'error-storm': async () => (await import('./cases/error-storm/error-storm.ts')).errorStorm,
  sql: async () => (await import('./cases/sql/sql.ts')).sql,
  restore: async () => (await import('./cases/restore/restore.ts')).restore,
  nexmark: async () => (await import('./cases/nexmark/nexmark.ts')).nexmark
}
