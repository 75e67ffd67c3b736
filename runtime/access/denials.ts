import type { StatementAnswer } from '../contract/index.ts'

export type Denial = Extract<StatementAnswer, { kind: 'refused' }>

/** What a change is answered with where no token can allow it. */
export const noToken = denial(
  'token-not-configured',
  'this pipeline was started without a token, so it answers questions only',
  'Start it with MIRACLEC_TOKEN in its environment, --token-file or --token.'
)

/** What a change is answered with where it would be made in one process of several. */
export const severalProcesses = denial(
  'several-processes',
  'a pipeline in several processes is not changed while it runs',
  'The others would go on as before. Change the script, and start it again; or run it in one process.'
)

/** What a change is answered with that came without the token; `hint` says how it is given here. */
export function tokenNeeded(hint: string): Denial {
  const message = 'a statement that changes something needs the token of the pipeline'
  return denial('token-needed', message, hint)
}

function denial(code: string, message: string, hint: string): Denial {
  return { kind: 'refused', code, message, hint, text: `error: ${message} [${code}]\n  ${hint}\n` }
}
