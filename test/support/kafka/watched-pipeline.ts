import type { TestClient, TestRecord } from './client.ts'
import { compileExecutable, type Executable, RunningPipeline } from './executable.ts'
import { until } from './until.ts'

/** A name that is text in every format that shows it: quotes, a backslash, a tag, a brace. */
export const HOSTILE = 'users "{<img src=x onerror=alert(1)>}\\'

/** A pipeline with something to see of each kind: event time, a table, windows, a model, a record that fails. */
export const WATCHED = `SET commit_interval = '100 ms';
CREATE SOURCE payments FROM KAFKA (topic = 'payments', group_id = 'watched', auto_offset_reset = 'earliest')
  SCHEMA (id BIGINT NOT NULL, amount DOUBLE, parts INT, at TIMESTAMP, WATERMARK FOR at AS at - INTERVAL '1' SECOND);
CREATE SOURCE "${HOSTILE.replaceAll('"', '""')}" FROM KAFKA (topic = 'users', group_id = 'watched', format = 'upsert', auto_offset_reset = 'earliest')
  SCHEMA (id BIGINT, name TEXT, PRIMARY KEY (id));
CREATE MODEL risk FROM 'risk.onnx' WITH (batch_size = 100, max_wait_ms = 5);
CREATE SINK risky TO KAFKA (topic = 'risky', linger_ms = 1);
INSERT INTO risky
SELECT p.id, u.name, predict('risk', p.amount) AS score
FROM payments p JOIN "${HOSTILE.replaceAll('"', '""')}" u ON p.id = u.id
WHERE p.amount > 100;
CREATE SINK shares TO KAFKA (topic = 'shares', linger_ms = 1);
INSERT INTO shares SELECT id, amount / parts AS share FROM payments;
CREATE SINK seconds TO KAFKA (topic = 'seconds', linger_ms = 1) AS
SELECT time_bucket('10 seconds', at) AS window, COUNT(*) AS n, SUM(amount) AS total
FROM payments
WHERE amount > 10
GROUP BY window;
`

export const PAYMENTS = 1000
/** Payments that are split into no parts. */
export const BROKEN = 7

export function compileWatched(): Executable {
  return compileExecutable('watched', WATCHED, {
    'risk.onnx': { kind: 'logistic', weights: [0.01], bias: -1 }
  })
}

/** Starts it, and resolves when it has done all that there is to do. */
export async function startWatched(
  executable: Executable,
  client: TestClient,
  words: readonly string[]
): Promise<RunningPipeline> {
  await client.createTopic('payments', 2)
  for (const topic of ['users', 'risky', 'shares', 'seconds']) await client.createTopic(topic, 1)
  await client.write('users', users())
  await client.write('payments', payments(0))
  const pipeline = await new RunningPipeline(executable, words).ready()
  await until(
    'all is committed',
    async () => (await client.committed('watched', 'payments')) === PAYMENTS
  )
  return pipeline
}

function users(): TestRecord[] {
  return Array.from({ length: 100 }, (_, id) => ({
    key: String(id),
    value: JSON.stringify({ id, name: `user ${id} <b>` })
  }))
}

/** 10 per second of event time from now on, half of them for a user that is known. */
export function payments(from: number): TestRecord[] {
  const start = Date.now()
  return Array.from({ length: PAYMENTS }, (_, i) => {
    const at = new Date(start + (from + i) * 100).toISOString()
    const parts = i < BROKEN ? 0 : 2
    return {
      partition: i % 2,
      value: JSON.stringify({ id: i % 200, amount: i, parts, at }),
      timestamp: start
    }
  })
}
