import { buildJava } from '../tools.ts'

/** The class path to run `Windows` and `Verdicts` with. */
export function buildKafkaStreams(): string {
  return buildJava(import.meta.dirname, 'kstreams')
}
