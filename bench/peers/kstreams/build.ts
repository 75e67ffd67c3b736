import { buildJava } from '../tools.ts'

/** What java needs to run `Windows` or `Verdicts` after it. */
export function buildKafkaStreams(): readonly string[] {
  return ['-Xmx2g', '-XX:+UseParallelGC', '-cp', buildJava(import.meta.dirname, 'kstreams')]
}
