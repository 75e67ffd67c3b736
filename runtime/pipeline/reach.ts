import type { LocalPipeline } from '../access/local-request.ts'
import { readPem } from '../access/listen.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import type { ReachOptions } from './command-line.ts'
import { findToken } from './find-token.ts'

/** Asks the pipeline that a command is for; 3, and a line that says why, where a file that its options name is none. */
export async function reach(
  options: ReachOptions,
  environment: Readonly<Record<string, string | undefined>>,
  ask: (pipeline: LocalPipeline) => Promise<number>
): Promise<number> {
  const { port, tlsCa } = options
  let pipeline: LocalPipeline
  try {
    const ca = tlsCa === null ? null : readPem('--tls-ca', tlsCa)
    pipeline = { port, token: findToken(options, environment), ca }
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    process.stderr.write(`${error.message}\n`)
    return 3
  }
  return ask(pipeline)
}
