import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '../../../compiler/functions/index.ts'
import { answerCalls, type PostgresAnswer } from './answer-calls.ts'
import { makeCase, randomExpression, showCall } from './function-call.ts'
import { makeRandom } from './random-value.ts'

// Asks a PostgreSQL server for the answers of random calls, and writes those that are ours too: the suite then holds
// them. The others are printed, for a person to judge: digits beyond 38, years before 1 and microseconds are by design.
//   PGHOST=... PGUSER=... node test/support/functions/record-postgres.ts [calls per overload]

const file = join(import.meta.dirname, '../../fixtures/postgres/functions.jsonl')
const SEED = 15
/** Of a recorded line: padding to a million characters shows nothing that ten do not. */
const LONGEST = 700

/** What PostgreSQL 15 has not, or under this name for something else. */
const NOT_POSTGRES = new Set([
  ...[
    'split_index',
    'regexp_extract',
    'coth',
    'time_bucket',
    'date_format',
    'last_day',
    'position'
  ],
  ...['json_extract', 'json_value', 'json_exists', 'json_array', 'json_object', 'json_step'],
  ...['to_json', 'json_build_array', 'timezone', 'extract', 'to_char']
])

function makeCalls(perOverload: number): string[] {
  return catalogue
    .filter(({ kind, name, volatile }) => kind !== 'form' && !volatile && !NOT_POSTGRES.has(name))
    .flatMap((entry, i) =>
      entry.signatures.flatMap((signature, j) => {
        const each = makeCase(entry, signature)
        const random = makeRandom(SEED + i * 1009 + j)
        return Array.from({ length: perOverload }, () =>
          showCall(
            entry,
            each.params.map((_, k) => randomExpression(each, k, random))
          )
        )
      })
    )
}

/** One answer per line: `=text`, `null` or `error`. */
function askPostgres(calls: readonly string[]): PostgresAnswer[] {
  const ask = `create function pg_temp.ask(call text) returns text language plpgsql as $f$
    declare answer text;
    begin
      execute 'select (' || call || ')::text' into answer;
      return coalesce('=' || answer, 'null');
    exception when others then
      return case when sqlstate like '42%' then 'undefined' else 'error' end;
    end $f$;`
  const lines = calls.map(call => {
    const sql = call.replaceAll(' AS DOUBLE)', ' AS FLOAT8)').replaceAll(' AS BYTES)', ' AS BYTEA)')
    return `select to_json(pg_temp.ask($call$${sql}$call$))::text;`
  })
  const input = [`set timezone = 'UTC'; set statement_timeout = 5000;`, ask, ...lines].join('\n')
  const output = execFileSync('psql', ['-Atq'], { encoding: 'utf8', input, maxBuffer: 1 << 28 })
  return output
    .trimEnd()
    .split('\n')
    .map(line => toAnswer(JSON.parse(line) as string))
}

function toAnswer(shown: string): PostgresAnswer {
  if (shown === 'null') return { text: null }
  return shown.startsWith('=')
    ? { text: shown.slice(1) }
    : shown === 'error'
      ? 'error'
      : 'undefined'
}

const calls = [...new Set(makeCalls(Number(process.argv[2] ?? 4)))]
const theirs = askPostgres(calls)
const ours = await answerCalls(calls, 'record')
const lines: string[] = []
for (const [i, call] of calls.entries()) {
  const [wanted, found] = [JSON.stringify(theirs[i]), JSON.stringify(ours[i])]
  const line = JSON.stringify({ call, answer: theirs[i] })
  if (wanted === found) lines.push(...(line.length < LONGEST ? [line] : []))
  else if (theirs[i] !== 'undefined')
    console.log(`${call}\n  ours ${found}\n  PostgreSQL ${wanted}`)
}
writeFileSync(file, `${lines.join('\n')}\n`)
console.log(`${lines.length} of ${calls.length} calls recorded`)
