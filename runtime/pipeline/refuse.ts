import type { StatementAnswer } from '../contract/index.ts'

export type Refusal = Extract<StatementAnswer, { kind: 'refused' }>

/** What a statement gets that is not done; `hint` says what to do, in full sentences. */
export function refuse(code: string, message: string, hint: string): Refusal {
  return { kind: 'refused', code, message, hint, text: `error: ${message} [${code}]\n  ${hint}\n` }
}
