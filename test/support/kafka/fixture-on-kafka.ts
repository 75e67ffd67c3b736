import assert from 'node:assert/strict'
import type { Fixture } from '../fixtures.ts'
import { type FixtureRecord, toBytes } from '../records.ts'
import type { ReadRecord, TestClient } from './client.ts'
import { compileExecutable, RunningPipeline } from './executable.ts'
import { until } from './until.ts'

type Topics = ReadonlyMap<string, readonly FixtureRecord[]>

/**
 * Runs a case as an executable on a real broker, over topics and a group of its own, and answers what it has written, under
 * the script's names. Where the order of records is the point the topics have one partition, else three.
 */
export async function runOnKafka(
  { name, script, options, inputs, outputs }: Fixture,
  client: TestClient,
  brokers: string,
  environment: Record<string, string> = {}
): Promise<Topics> {
  const own = (topic: string): string => `${name}.${topic}`
  const partitions = options.ordered === true ? 1 : 3
  for (const topic of inputs.keys()) await client.createTopic(own(topic), partitions)
  const sinks = [...outputs].filter(([, records]) => records.every(({ error }) => error === null))
  for (const [topic] of sinks) await client.createTopic(own(topic), partitions)
  const text = withOwnTopics(new TextDecoder().decode(script), name)
  const executable = compileExecutable(name, text, options.models)
  const pipeline = new RunningPipeline(executable, ['--brokers', brokers], environment)
  try {
    await pipeline.ready()
    for (const [topic, records] of inputs) {
      await client.write(
        own(topic),
        records.map((record, i) => toWrite(record, i % partitions))
      )
    }
    const total = [...inputs.values()].reduce((sum, records) => sum + records.length, 0)
    await until(`${name} has read ${total} records`, async () => {
      const { sources } = await pipeline.metrics()
      const read = Object.values(sources).map(source => source.messages_consumed)
      return read.reduce((sum, count) => sum + count, 0) === total
    })
    assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
  } finally {
    pipeline.kill('SIGKILL')
    executable.remove()
  }
  const written = new Map<string, FixtureRecord[]>()
  for (const topic of outputs.keys()) {
    written.set(topic, (await client.read(own(topic))).map(readBack))
  }
  return written
}

/**
 * Topics named `<case>.<topic>`, dead letters too, a consumer group of the case's own, and topics read from their start: when
 * the end of a topic is found depends on the broker.
 */
function withOwnTopics(script: string, name: string): string {
  return script
    .replace(/(topic = ')/g, `$1${name}.`)
    .replace(/FROM KAFKA \((?![^)]*group_id)/g, `FROM KAFKA (group_id = '${name}', `)
    .replace(
      /FROM KAFKA \((?![^)]*auto_offset_reset)/g,
      "FROM KAFKA (auto_offset_reset = 'earliest', "
    )
}

function toWrite({ key, value, headers = [] }: FixtureRecord, partition: number) {
  const pairs = headers.map(header => [header.key, header.value ?? ''] as const)
  return { key, value, partition, headers: pairs }
}

function readBack({ key, value, headers }: ReadRecord): FixtureRecord {
  const code = headers['miracledb.error.code']
  const column = headers['miracledb.error.column'] ?? null
  return {
    key: toBytes(key),
    value: toBytes(value),
    timestamp: 0,
    partition: 0,
    headers: Object.entries(headers)
      .filter(([name]) => !name.startsWith('miracledb.'))
      .map(([name, text]) => ({ key: name, value: toBytes(text) })),
    error: code === undefined ? null : { code, column },
    op: (headers['miracledb.op'] as FixtureRecord['op'] | undefined) ?? null
  }
}
