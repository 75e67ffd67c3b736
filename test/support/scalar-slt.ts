import {
  type AskedQuestions,
  askQuestions,
  findErrors,
  type Question
} from './functions/question.ts'
import { scalarQuery } from './scalar-query.ts'
import { isExpectedRow, type SltValue } from './slt-answer.ts'
import { parseSqlLogicTest, type SqlLogicRecord } from './sql-logic-test.ts'

/** A scalar query of a file, and how it went. */
export interface SltOutcome {
  /** `functions/abs.slt.part:12` */
  readonly place: string
  readonly sql: string
  /** What went wrong; null: it passed. */
  readonly fault: string | null
}

interface ScalarCase {
  readonly record: SqlLogicRecord
  readonly question: Question
}

/** Every scalar query of a file, run as a source of one row; `name` is unique among the files. */
export async function runScalarQueries(
  file: string,
  text: string,
  name: string
): Promise<readonly SltOutcome[]> {
  const cases = parseSqlLogicTest(text).flatMap((record, i) => makeCase(record, i) ?? [])
  if (cases.length === 0) return []
  const errors = findEachErrors(cases)
  const compiled = cases.filter((_, i) => errors[i] === null)
  const { answers, differences } = await ask(
    compiled.map(({ question }) => question),
    name
  )
  return cases.map((each, i) => {
    const { record, question } = each
    const answer = answers[compiled.indexOf(each)]?.get(RECORD)
    const different = differences.find(
      line =>
        line.includes(`: ${question.title} of `) && !isLastDigit(line) && !isRandom(record.sql)
    )
    const fault = different ?? judge(record, errors[i]!, answer)
    return { place: `${file}:${record.line}`, sql: record.sql.replace(/\s+/g, ' '), fault }
  })
}

/** Whether generated code and twin differ only in the last digit of a number: each computes it in its own way. */
function isLastDigit(line: string): boolean {
  const [mine, twins] = [...line.matchAll(/"c0":"([-+.\de]+)"/g)].map(match => Number(match[1]))
  return (
    mine !== undefined && twins !== undefined && Math.abs(mine - twins) <= 1e-13 * Math.abs(twins)
  )
}

function isRandom(sql: string): boolean {
  return /\brandom\(/i.test(sql)
}

function ask(questions: readonly Question[], name: string): Promise<AskedQuestions> {
  const nothing = { answers: [], differences: [] }
  return questions.length === 0 ? Promise.resolve(nothing) : askQuestions(questions, name)
}

const RECORD = '{"n":0}'

function makeCase(record: SqlLogicRecord, i: number): ScalarCase | null {
  const query = scalarQuery(record.sql)
  if (query === null) return null
  const columns = query.items.map(
    (item, j) => `CAST((${item}) AS TEXT) AS c${j}, typeof(${item}) AS t${j}`
  )
  return {
    record,
    question: {
      title: `line ${record.line}`,
      topic: `out${i}`,
      input: `in${i}`,
      statements: `
        CREATE SOURCE s${i} FROM KAFKA (topic = 'in${i}') SCHEMA (n INT);
        CREATE SINK k${i} TO KAFKA (topic = 'out${i}') AS SELECT n, ${columns.join(', ')} FROM s${i};`,
      records: [RECORD]
    }
  }
}

/** The first error of each. One by one: a syntax error hides what is wrong in other statements. */
function findEachErrors(cases: readonly ScalarCase[]): readonly (string | null)[] {
  return cases.map(({ question }) => findErrors([question])[0]![0]?.message ?? null)
}

const MISSING = /^no (function|type) is called|is not supported yet$|has no meaning here$/

function judge(
  { expects, rows, columns }: SqlLogicRecord,
  error: string | null,
  answer: string | undefined
): string | null {
  const failure = error ?? (answer?.startsWith('{') === false ? answer : null)
  if (expects === 'error') {
    if (failure === null) return `no error, but ${answer}`
    // What does not exist at all fails for another reason than the one that is asked for.
    return MISSING.test(failure) ? failure : null
  }
  if (failure !== null) return failure
  if (expects === 'success') return null
  const row = JSON.parse(answer!) as Record<string, string | null>
  const values: SltValue[] = []
  for (let i = 0; `c${i}` in row; i++) values.push({ text: row[`c${i}`]!, type: row[`t${i}`]! })
  if (rows.length === 1 && isExpectedRow(values, rows[0]!, columns)) return null
  return `${values.map(({ text }) => text).join(' ')} instead of ${rows.join(' / ')}`
}
