import { askQuestions, findErrors, type Question } from './question.ts'

/** What a call gives as TEXT; `undefined`: there is no such function. */
export type PostgresAnswer = { readonly text: string | null } | 'error' | 'undefined'

const RECORD = '{"n":0}'
/** Calls per script. */
const BATCH = 200

/** What generated code says of calls over literals. A call that the compiler refuses fails. */
export async function answerCalls(
  calls: readonly string[],
  name: string
): Promise<readonly PostgresAnswer[]> {
  const questions = calls.map(makeQuestion)
  const errors = findErrors(questions)
  const accepted = questions.filter((_, i) => errors[i]!.length === 0)
  const answers = new Map<Question, PostgresAnswer>()
  for (let from = 0; from < accepted.length; from += BATCH) {
    const batch = accepted.slice(from, from + BATCH)
    const asked = await askQuestions(batch, `${name}-${from}`)
    batch.forEach((question, i) => {
      answers.set(question, readAnswer(asked.answers[i]!.get(RECORD)!))
    })
  }
  return questions.map(question => answers.get(question) ?? 'error')
}

function makeQuestion(call: string, i: number): Question {
  return {
    title: call,
    topic: `out${i}`,
    input: `in${i}`,
    statements: `
      CREATE SOURCE s${i} FROM KAFKA (topic = 'in${i}') SCHEMA (n INT);
      CREATE SINK k${i} TO KAFKA (topic = 'out${i}') AS SELECT n, CAST((${call}) AS TEXT) AS x FROM s${i};`,
    records: [RECORD]
  }
}

function readAnswer(answer: string): PostgresAnswer {
  if (!answer.startsWith('{')) return 'error'
  return { text: (JSON.parse(answer) as { readonly x: string | null }).x }
}
