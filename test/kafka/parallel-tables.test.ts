import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeRandom } from '../support/functions/random-value.ts'
import { openTestClient, type TestRecord } from '../support/kafka/client.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { ABORT_SOON, KilledProcesses } from '../support/kafka/killed-processes.ts'
import { until } from '../support/kafka/until.ts'

const EVENTS = 6000
const USERS = 500
const TEAMS = 7
const KILLS = Number(process.env['PARALLEL_KILLS'] ?? 6)
const random = makeRandom(20_261_128)

const enrich = compileExecutable(
  'enrich',
  `SET delivery = 'exactly_once';
SET parallelism = 3;
CREATE SOURCE users FROM KAFKA (topic = 'users', group_id = 'enrich-users', format = 'upsert')
  SCHEMA (id INT, team INT NOT NULL, version INT, PRIMARY KEY (id))
  CONFIG ('topic.metadata.refresh.interval.ms' = '1000');
CREATE TABLE colours (team INT, colour TEXT, PRIMARY KEY (team));
INSERT INTO colours VALUES (0, 'red'), (1, 'green');
CREATE SOURCE events FROM KAFKA (topic = 'events', group_id = 'enrich', auto_offset_reset = 'earliest')
  SCHEMA (id INT, who INT, round INT);
CREATE SINK named TO KAFKA (topic = 'named') AS
SELECT e.id, e.who, e.round, u.version, c.colour FROM events e LEFT JOIN users u ON u.id = e.who LEFT JOIN colours c ON c.team = u.team;
CREATE SINK teams TO KAFKA (topic = 'teams', format = 'upsert') AS
SELECT u.team, COUNT(*) AS count, SUM(e.id) AS total FROM events e JOIN users u ON u.id = e.who GROUP BY u.team;`
)
const looking = compileExecutable(
  'looking',
  `SET parallelism = 2;
CREATE SOURCE users FROM KAFKA (topic = 'late-users', group_id = 'looking-users', format = 'upsert') SCHEMA (id INT, name TEXT, PRIMARY KEY (id));
CREATE SOURCE events FROM KAFKA (topic = 'asked', group_id = 'looking', auto_offset_reset = 'earliest') SCHEMA (who INT);
CREATE SINK answers TO KAFKA (topic = 'answers') AS SELECT e.who, u.name FROM events e LEFT JOIN users u ON u.id = e.who;`
)
after(() => {
  enrich.remove()
  looking.remove()
})

interface Named {
  readonly id: number
  readonly who: number
  readonly round: number
  readonly version: number | null
  readonly colour: string | null
}

const teamOf = (who: number): number => who % TEAMS

describeOnKafka(
  'tables in tasks',
  ({ client, broker }) => {
    const start = (): RunningPipeline =>
      new RunningPipeline(enrich, ['--brokers', broker().brokers])
    /** Who each event is of. */
    const events: number[] = []

    const writeUsers = (version: number): Promise<void> =>
      client().write(
        'users',
        Array.from({ length: USERS }, (_, id) => ({
          key: String(id),
          value: JSON.stringify({ id, team: teamOf(id), version })
        }))
      )
    const writeEvents = async (round: number, count = EVENTS, who = random): Promise<void> => {
      const records = Array.from({ length: count }, (): TestRecord => {
        const event = { id: events.length, who: who(USERS), round }
        events.push(event.who)
        return { key: String(event.id), value: JSON.stringify(event) }
      })
      await client().write('events', records)
    }
    const allRead = (): Promise<void> =>
      until(
        'all events are read',
        async () =>
          (await client()
            .committed('enrich', 'events')
            .catch(() => -1)) === events.length,
        60_000
      )
    const named = async (): Promise<Named[]> =>
      (await client().read('named')).map(({ value }) => JSON.parse(value!) as Named)

    before(async () => {
      await client().createTopic('users', 3, { 'cleanup.policy': 'compact' })
      for (const topic of ['events', 'named', 'teams']) await client().createTopic(topic, 3)
      const bad = (key: string, value: string | null): TestRecord => ({ key, value })
      await client().write('users', [bad('1', '{"id":1'), bad('x', null), bad('2', '{"id":2}')])
    })

    test('two processes, killed at any moment, find each row in the table, and none that is older than they are', async () => {
      await writeUsers(0)
      const processes = new KilledProcesses(start, random)
      /** What the table had when each of them started. */
      const since = [0, 0]
      const oldest: number[] = []
      for (let round = 0; round < KILLS; round++) {
        await writeUsers(round)
        oldest.push(Math.min(...since))
        since[await processes.killOne(writeEvents(round))] = round
        await allRead()
      }
      const found = await named()
      assert.deepEqual(
        found.map(({ id }) => id).sort((a, b) => a - b),
        events.map((_, id) => id)
      )
      for (const row of found) {
        const { round, version, who, colour } = row
        assert.ok(
          version !== null && version >= oldest[round]! && version <= round,
          JSON.stringify(row)
        )
        assert.equal(colour, ['red', 'green'][teamOf(who)] ?? null)
      }
      for (const which of [0, 1]) await processes.kill(which)
    })

    test('what the table says before a start is what the first event meets', async () => {
      await writeUsers(KILLS)
      await client().write('users', [{ key: '0', value: null }])
      await writeEvents(KILLS)
      const both = [start(), start()]
      await allRead()
      for (const row of (await named()).filter(({ round }) => round === KILLS))
        assert.equal(row.version, row.who === 0 ? null : KILLS, JSON.stringify(row))
      const totals = new Map<number, { count: number; total: number }>()
      events.forEach((who, id) => {
        // Row 0 was there for all events but the last ones.
        if (who === 0 && id >= events.length - EVENTS) return
        const known = totals.get(teamOf(who)) ?? { count: 0, total: 0 }
        totals.set(teamOf(who), { count: known.count + 1, total: known.total + id })
      })
      const wanted = [...totals]
        .sort(([a], [b]) => a - b)
        .map(([team, sums]) => ({ team, ...sums }))
      const teams = async () => {
        const rows = (await client().read('teams')).map(
          ({ value }) => JSON.parse(value!) as { team: number }
        )
        return [...new Map(rows.map(row => [row.team, row])).values()].sort(
          (a, b) => a.team - b.team
        )
      }
      await until(
        'all are counted',
        async () => JSON.stringify(await teams()) === JSON.stringify(wanted),
        60_000
      )
      // Each process has read them at each of its starts.
      assert.equal((await client().read('users-dlq')).length, 3)
      for (const one of both) assert.equal(await one.exit('SIGTERM'), 0, one.text())
    })

    test('a partition that the table gets later is read too, and a running pipeline can be asked for its rows', async () => {
      const pipeline = await start().ready()
      await client().addPartitions('users', 4)
      const who = USERS + 1
      const value = JSON.stringify({ id: who, team: 1, version: 77 })
      // Another client: this one's does not know the new partition yet.
      const writer = await openTestClient(broker().brokers)
      await writer.write('users', [{ key: String(who), value, partition: 3 }])
      await writer.close()
      await until('an event meets its row', async () => {
        await writeEvents(99, 1, () => who)
        await allRead()
        return (await named()).some(({ who: met, version }) => met === who && version === 77)
      })
      const port = String(await pipeline.port())
      const ask = (statement: string) =>
        spawnSync(enrich.path, ['sql', statement, '--port', port], {
          encoding: 'utf8'
        })
      const asked = ask(`SELECT team, version FROM users WHERE id = ${who}`)
      assert.match(asked.stdout, /1\D+77/, asked.stdout + asked.stderr)
      assert.match(ask('SELECT colour FROM colours').stdout, /red[^]*green/)
      const { body } = await pipeline.get('/api/v1/kafka/metrics')
      assert.ok('users' in (body as { sources: object }).sources)
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
    })

    test('events wait for a table whose topic is not there yet, and look up in what it has behind an outage', async () => {
      for (const topic of ['asked', 'answers']) await client().createTopic(topic, 1)
      await client().write('asked', [{ value: '{"who":1}' }])
      const words = ['--brokers', broker().brokers]
      const pipeline = new RunningPipeline(looking, words)
      await pipeline.logged('topic "late-users" does not exist yet')
      await sleep(1000)
      assert.deepEqual(await client().read('answers'), [])
      assert.equal((await pipeline.get('/health/ready')).status, 503)
      await client().createTopic('late-users', 2, { 'cleanup.policy': 'compact' })
      const user = (name: string): TestRecord => ({
        key: '1',
        value: JSON.stringify({ id: 1, name })
      })
      const answers = async () =>
        (await client().read('answers')).map(
          ({ value }) => (JSON.parse(value!) as { name: string }).name
        )
      await until('the first event is answered', async () => (await answers()).length > 0)
      await client().write('late-users', [user('ann')])
      const ask = (name: string): Promise<void> =>
        until(`an event meets ${name}`, async () => {
          await client().write('asked', [{ value: '{"who":1}' }])
          return (await answers()).at(-1) === name
        })
      await ask('ann')
      await broker().pause('SIGKILL')
      await sleep(1000)
      await broker().resume()
      await client().write('late-users', [user('eve')])
      await ask('eve')
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      const dry = new RunningPipeline(looking, [...words, '--dry-run'])
      assert.equal(await dry.exit(), 0, dry.text())
    })
  },
  ABORT_SOON
)
