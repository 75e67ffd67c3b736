import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { KafkaBroker } from '../support/kafka/broker.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { TOPIC_POLICY, writeTopicPolicy } from '../support/kafka/topic-policy.ts'

const REASON = 'names are given by the platform team'
const classes = mkdtempSync(join(tmpdir(), 'miraclec-policy-'))
after(() => rmSync(classes, { recursive: true, force: true }))
writeTopicPolicy(classes, 'forbidden', REASON)

describeOnKafka(
  'a broker whose policy refuses topics',
  ({ client, broker }) => {
    const words = (): string[] => ['--brokers', broker().brokers]

    test('a state topic: the pipeline does not start, and a dry run says so', async () => {
      const source = 'policy-in'
      await client().createTopic(source, 1)
      await client().createTopic('policy-out', 1)
      const executable = compileExecutable(
        'forbidden',
        `CREATE SOURCE s FROM KAFKA (topic = '${source}', group_id = 'policy', auto_offset_reset = 'earliest') SCHEMA (id INT);
CREATE SINK k TO KAFKA (topic = 'policy-out', format = 'upsert') AS SELECT id, COUNT(*) AS n FROM s GROUP BY id;`
      )
      const { status, stdout } = spawnSync(executable.path, [...words(), '--dry-run'], {
        encoding: 'utf8'
      })
      assert.equal(status, 3, stdout)
      assert.match(stdout, /forbidden-\S*\s.*names are given by the platform team/)
      const pipeline = new RunningPipeline(executable, words())
      assert.equal(await pipeline.exit(), 3, pipeline.text())
      checkMessage(pipeline, 'state topic')
      executable.remove()
    })

    for (const delivery of ['at_least_once', 'exactly_once']) {
      test(`${delivery}: a dead-letter topic: nothing is committed behind the bad record`, async () => {
        const [source, sink] = [`letters-${delivery}`, `good-${delivery}`]
        for (const topic of [source, sink]) await client().createTopic(topic, 1)
        const executable = compileExecutable(
          `letters-${delivery}`,
          `SET delivery = '${delivery}'; SET commit_interval = '50 ms';
CREATE SOURCE s FROM KAFKA (topic = '${source}', group_id = '${source}', auto_offset_reset = 'earliest') SCHEMA (id INT)
  ON ERROR (action = 'dead_letter', dead_letter_topic = 'forbidden-${delivery}');
CREATE SINK k TO KAFKA (topic = '${sink}') AS SELECT id FROM s;`
        )
        await client().write(source, [{ key: null, value: '{"id":"none"}' }])
        const pipeline = new RunningPipeline(executable, words())
        assert.equal(await pipeline.exit(), 3, pipeline.text())
        checkMessage(pipeline, 'dead-letter topic')
        assert.equal(await client().committed(source, source), 0)
        executable.remove()
      })
    }
  },
  {
    start: () => KafkaBroker.start({ 'create.topic.policy.class.name': TOPIC_POLICY }, { classes })
  }
)

/** It says what the brokers said, and does not blame permissions. */
function checkMessage(pipeline: RunningPipeline, what: string): void {
  const said = pipeline.log.find(({ level }) => level === 'error')!
  const text = JSON.stringify(said)
  assert.match(text, new RegExp(`the ${what} .{0,5}forbidden[^ ]* can't be created: `))
  assert.match(text, new RegExp(REASON))
  assert.doesNotMatch(text, /acl/)
}
