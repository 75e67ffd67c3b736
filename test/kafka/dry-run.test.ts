import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { loadKafkaNative } from '../../runtime/native/index.ts'
import { TestAuthority } from '../support/certificates.ts'
import { allow, type Permission } from '../support/kafka/allow.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, type Executable, RunningPipeline } from '../support/kafka/executable.ts'
import { until } from '../support/kafka/until.ts'
import { PASSWORD, startSecuredBroker } from '../support/kafka/secured-broker.ts'

const authority = new TestAuthority()
const folder = mkdtempSync(join(tmpdir(), 'miraclec-dry-'))
after(() => {
  authority.remove()
  rmSync(folder, { recursive: true, force: true })
})

const sasl = `'security.protocol' = 'sasl_plaintext', 'sasl.mechanisms' = 'PLAIN', 'sasl.username' = '\${WHO}', 'sasl.password' = '\${SECRET}'`
const stateless = `SET delivery = 'exactly_once';
CREATE SOURCE s FROM KAFKA (topic = 'dry-in', group_id = 'dry') SCHEMA (id INT NOT NULL) CONFIG (${sasl});
CREATE SINK k TO KAFKA (topic = 'dry-out') CONFIG (${sasl});
INSERT INTO k SELECT id FROM s;`
const counting = (condition: string, settings = ''): string => `${settings}
CREATE SOURCE s FROM KAFKA (topic = 'dry-in', group_id = 'counts', auto_offset_reset = 'earliest') SCHEMA (id INT NOT NULL) CONFIG (${sasl});
CREATE SINK k TO KAFKA (topic = 'dry-out') CONFIG (${sasl}) AS SELECT id, COUNT(*) AS n FROM s WHERE ${condition} GROUP BY id;`

/** One group, so one task has it. */
const whole = (settings = ''): string => `${settings}
SET commit_interval = '100 ms';
CREATE SOURCE s FROM KAFKA (topic = 'dry-all', group_id = 'whole', auto_offset_reset = 'earliest') SCHEMA (id INT) CONFIG (${sasl});
CREATE SINK k TO KAFKA (topic = 'dry-total', linger_ms = 1) CONFIG (${sasl}) AS SELECT COUNT(*) AS n FROM s EMIT CHANGES;`

const executables = {
  dry: compileExecutable('dry', stateless),
  counts: compileExecutable('counts', counting('id > 1')),
  changed: compileExecutable('counts', counting('id > 2')),
  whole: compileExecutable('whole', whole()),
  wholeInTasks: compileExecutable('whole', whole('SET parallelism = 2;')),
  split: compileExecutable('split', counting('id > 1', 'SET parallelism = 3;'))
}
after(() => Object.values(executables).forEach(executable => executable.remove()))

describeOnKafka(
  'a dry run',
  ({ client, broker }) => {
    const alice = { WHO: 'alice', SECRET: PASSWORD }
    const mallory = { WHO: 'mallory', SECRET: PASSWORD }
    const run = (
      { path }: Executable,
      words: readonly string[] = [],
      environment: Record<string, string> = alice
    ) => {
      const given = ['--brokers', broker().listener('SASL'), '--dry-run', ...words]
      const env = { XDG_CACHE_HOME: join(tmpdir(), 'miraclec-test-cache'), ...environment }
      const { status, stdout, stderr } = spawnSync(path, given, { env, encoding: 'utf8' })
      assert.equal(stderr, '', stdout)
      const text = stdout.split('\n')
      for (const [i, line] of text.entries())
        if (line.startsWith('FAILED')) assert.match(text[i + 1]!, /^ +fix: \S/, line)
      return { status, lines: stdout.split('\n').map(line => line.replaceAll(/ {2,}/g, '  ')) }
    }
    /** Every topic and group that there is. */
    const inventory = async (): Promise<readonly string[]> => {
      const { AdminClient } = await loadKafkaNative()
      const admin = AdminClient.create({ 'metadata.broker.list': broker().brokers })
      const topics = await new Promise<string[]>((resolve, reject) =>
        admin.listTopics((error, names) =>
          error ? reject(new Error(error.message)) : resolve(names)
        )
      )
      const groups = await new Promise<string[]>((resolve, reject) =>
        admin.listGroups((error, list) =>
          error
            ? reject(new Error(error.message))
            : resolve(list.groups.map(({ groupId }) => `group ${groupId}`))
        )
      )
      admin.disconnect()
      return [...topics, ...groups].sort()
    }
    const says = (lines: readonly string[], ...wanted: readonly (RegExp | string)[]): void => {
      for (const one of wanted) {
        const found = lines.some(line => (typeof one === 'string' ? line === one : one.test(line)))
        assert.ok(found, `${String(one)} is not in:\n${lines.join('\n')}`)
      }
    }

    test('topics that are not there are told, and nothing is made by asking', async () => {
      const before = await inventory()
      const { status, lines } = run(executables.dry)
      assert.equal(status, 3)
      says(
        lines,
        'FAILED  topic  dry-in of source "s"  it does not exist',
        '  fix: Create it: kafka-topics.sh --bootstrap-server <broker> --create --topic dry-in',
        'FAILED  topic  dry-out of sink "k"  it does not exist, and the brokers do not create it',
        /^ok {2}dead-letter topic {2}dry-in-dlq of source "s" {2}would be created when it is needed$/
      )
      assert.deepEqual(await inventory(), before, 'nothing was made')
    })

    test('with all that it needs nothing is in the way, and nothing is changed', async () => {
      await client().createTopic('dry-in', 3)
      await client().createTopic('dry-out', 1)
      await client().write(
        'dry-in',
        [1, 2, 3].map(id => ({ value: `{"id":${id}}` }))
      )
      const before = await inventory()
      const { status, lines } = run(executables.dry, ['--port', '0', '--pg-port', '0'])
      says(
        lines,
        /^ok {2}topic {2}dry-in of source "s" {2}3 partitions, may read$/,
        /^ok {2}topic {2}dry-out of sink "k" {2}1 partition, may write$/,
        'ok  group  dry of source "s"  may read',
        /^ok {2}transactional id {2}miraclec-dry-[-0-9a-f]+ {2}may write$/,
        'ok  port  127.0.0.1:0  any free one',
        'Nothing is in the way. Nothing was changed.'
      )
      assert.equal(status, 0)
      assert.deepEqual(await inventory(), before)
      assert.equal(await client().committed('dry', 'dry-in'), 0)
    })

    test('what the user may not do is told all at once, each with the command that allows it', async () => {
      const permit = (...permissions: Omit<Permission, 'user'>[]) =>
        allow(
          broker().brokers,
          permissions.map(one => ({ user: 'mallory', ...one }))
        )
      const first = run(executables.dry, [], mallory)
      assert.equal(first.status, 3)
      says(
        first.lines,
        'FAILED  topic  dry-in of source "s"  the user lacks the permission Read on topic "dry-in"',
        /fix: .*--operation Read --topic dry-in$/,
        /^FAILED {2}topic .*lacks the permission Write on topic "dry-out"$/,
        /^FAILED {2}group .*lacks the permission Read on group "dry"$/,
        /^FAILED {2}transactional id .*lacks the permission Write on transactional id "miraclec-dry-/
      )
      // To see a topic is not to read it.
      await permit({ operation: 'describe', resource: 'topic', name: 'dry-in' })
      await permit({ operation: 'describe', resource: 'topic', name: 'dry-in-dlq' })
      await permit({ operation: 'write', resource: 'topic', name: 'dry-out' })
      await permit({ operation: 'read', resource: 'group', name: 'dry' })
      const second = run(executables.dry, [], mallory)
      says(
        second.lines,
        /^FAILED {2}topic .*lacks the permission Read on topic "dry-in"$/,
        /^ok {2}topic {2}dry-out of sink "k" {2}1 partition, may write$/,
        'ok  group  dry of source "s"  may read',
        /^FAILED {2}dead-letter topic {2}dry-in-dlq .* can't be created: .*[Aa]uthoriz/
      )
      await permit({ operation: 'read', resource: 'topic', name: 'dry-in' })
      says(
        run(executables.dry, [], mallory).lines,
        /^ok {2}topic {2}dry-in of source "s" .*may read$/
      )
    })

    test('state of another script is told as miraclec diff does, and that of the same is kept', async () => {
      const states = join(folder, 'states')
      const words = ['--state-dir', states]
      says(
        run(executables.counts, words).lines,
        /^ok {2}state topic {2}counts-state of the pipeline {2}would be created when it is needed$/,
        /^ok {2}state {2}k-groups {2}there is none yet/,
        `ok  state folder  ${states}  would be made`
      )
      assert.ok(!existsSync(states))
      const before = await inventory()
      const given = ['--brokers', broker().listener('SASL'), ...words]
      const pipeline = await new RunningPipeline(executables.counts, given, alice).ready()
      assert.equal(await pipeline.exit('SIGTERM'), 0)
      assert.notDeepEqual(await inventory(), before, 'a real run makes topics')
      const same = run(executables.counts, words)
      says(
        same.lines,
        'ok  state  k-groups  keep: it holds the same rows',
        `ok  state folder  ${states}  may be written to`
      )
      assert.equal(same.status, 0)
      const other = run(executables.changed, words)
      says(
        other.lines,
        'FAILED  state  k-groups  rebuild: what its rows are made of has changed',
        /fix: Start with --rebuild-state, or --accept-state/
      )
      assert.equal(other.status, 3)
      assert.equal(run(executables.changed, [...words, '--accept-state']).status, 0)
    })

    test('state that was kept with another parallelism is refused as a start refuses it', async () => {
      await client().createTopic('dry-all', 1)
      await client().createTopic('dry-total', 1)
      await client().write('dry-all', [{ key: null, value: '{"id":1}' }])
      const given = ['--brokers', broker().listener('SASL')]
      const pipeline = await new RunningPipeline(executables.whole, given, alice).ready()
      await until('it has counted', async () => (await client().read('dry-total')).length > 0)
      assert.equal(await pipeline.exit('SIGTERM'), 0)
      says(run(executables.whole).lines, 'ok  state  k-groups  keep: it holds the same rows')
      const { status, lines } = run(executables.wholeInTasks)
      assert.equal(status, 3)
      says(lines, /^FAILED {2}state {2}k-groups .*kept by a script with another SET parallelism/)
      const refused = new RunningPipeline(executables.wholeInTasks, given, alice)
      assert.equal(await refused.exit(), 3, refused.text())
      assert.match(refused.text(), /kept by a script with another SET parallelism/)
    })

    test('topics between tasks have to have as many partitions as there are tasks', async () => {
      says(run(executables.split).lines, /^ok {2}exchange topic {2}split-\S+ .*would be created/)
      const [exchange] = run(executables.split)
        .lines.filter(line => line.includes('exchange topic'))
        .map(line => line.split('  ')[2]!.split(' ')[0]!)
      await client().createTopic(exchange!, 2)
      const { status, lines } = run(executables.split)
      assert.equal(status, 3)
      says(
        lines,
        /^FAILED {2}exchange topic .*it has 2 partitions, and SET parallelism asks for 3$/
      )
    })

    test('a port that is taken, a folder that is none, a model that is none, a token that is missing', async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await new Promise(resolve => server.once('listening', resolve))
      const { port } = server.address() as { port: number }
      const file = join(folder, 'file')
      writeFileSync(file, '')
      const { status, lines } = run(executables.counts, [
        ...['--port', String(port), '--state-dir', join(file, 'states')],
        ...['--model', 'nobody=/nowhere']
      ])
      server.close()
      assert.equal(status, 3)
      says(
        lines,
        `FAILED  port  127.0.0.1:${port}  somebody else listens on it`,
        /^FAILED {2}state folder .*file is not a folder$/,
        /^FAILED {2}model {2}nobody {2}.*the pipeline has no model "nobody"$/
      )
      const outside = ['--listen', '0.0.0.0', '--no-tls', '--port', '0']
      says(run(executables.dry, outside).lines, /^FAILED {2}access {2}0\.0\.0\.0 .*needs a token/)
    })

    test('what can not be asked is not said to be right', () => {
      const away = run(executables.dry, ['--brokers', '127.0.0.1:1'])
      assert.equal(away.status, 3)
      says(
        away.lines,
        /^FAILED {2}brokers {2}127\.0\.0\.1:1 {2}no broker answers/,
        '?  topic  dry-in of source "s"  no broker',
        /could not be checked/
      )
      const { status, lines } = run(executables.dry, [], { WHO: 'alice' })
      assert.equal(status, 3)
      says(lines, /^FAILED {2}CONFIG {2}source "s" .*needs the environment variable SECRET/)
      const wrong = run(executables.dry, [], { ...alice, SECRET: 'wrong-Secret' })
      says(wrong.lines, /^FAILED {2}brokers .*the login is refused/)
      assert.doesNotMatch(wrong.lines.join('\n'), /wrong-Secret/)
    })
  },
  { start: () => startSecuredBroker(authority) }
)
