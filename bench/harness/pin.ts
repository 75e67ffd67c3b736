import { spawnSync } from 'node:child_process'
import type { LoadedKafka } from './loaded-kafka.ts'
import { MeasuredProcess } from './measured-process.ts'

/** One for the broker, one for the program that is measured. */
const [BROKER_CORE, PROGRAM_CORE] = ['0', '1']

/** Runs `measure` while the broker has a core of its own. */
export async function withPinnedBroker<Result>(
  kafka: LoadedKafka,
  measure: () => Promise<Result>
): Promise<Result> {
  pin(kafka, BROKER_CORE)
  try {
    return await measure()
  } finally {
    pin(kafka, `${BROKER_CORE},${PROGRAM_CORE}`)
  }
}

function pin(kafka: LoadedKafka, cores: string): void {
  spawnSync('taskset', ['-a', '-c', '-p', cores, String(kafka.pid)])
}

/** On the other core, alone as far as this bench goes. */
export function startPinned(
  command: string,
  words: readonly string[],
  env?: NodeJS.ProcessEnv
): MeasuredProcess {
  return new MeasuredProcess('taskset', ['-c', PROGRAM_CORE, command, ...words], env)
}
