import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { makeRandom } from '../support/functions/random-value.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import { compileExecutable, RunningPipeline } from '../support/kafka/executable.ts'
import { ABORT_SOON, KilledProcesses } from '../support/kafka/killed-processes.ts'
import { until } from '../support/kafka/until.ts'

const USERS = 2000
const TEAMS = 7
const KILLS = Number(process.env['PARALLEL_KILLS'] ?? 6)
const random = makeRandom(20_261_130)

const kept = compileExecutable(
  'kept',
  `SET delivery = 'exactly_once';
SET parallelism = 3;
CREATE SOURCE users FROM KAFKA (topic = 'users', group_id = 'kept-users', format = 'upsert')
  SCHEMA (id INT, team INT NOT NULL, version INT NOT NULL, PRIMARY KEY (id));
CREATE SOURCE logins FROM KAFKA (topic = 'logins', group_id = 'kept-logins', auto_offset_reset = 'earliest') SCHEMA (id INT, who INT);
CREATE TABLE last_logins (who INT, id INT, PRIMARY KEY (who));
INSERT INTO last_logins SELECT who, id FROM logins;
CREATE SOURCE visits FROM KAFKA (topic = 'visits', group_id = 'kept-visits', auto_offset_reset = 'earliest') SCHEMA (who INT);
CREATE TABLE counts (who INT, n BIGINT, PRIMARY KEY (who));
INSERT INTO counts SELECT who, COUNT(*) FROM visits GROUP BY who;
CREATE SINK counted TO KAFKA (topic = 'counted', format = 'debezium') FROM TABLE counts;
CREATE TABLE notes (id INT, text TEXT, PRIMARY KEY (id));
INSERT INTO notes VALUES (1, 'once');
UPDATE notes SET text = text || '!';
CREATE SINK changes TO KAFKA (topic = 'changes', format = 'debezium') FROM TABLE users;
CREATE SINK noted TO KAFKA (topic = 'noted') FROM TABLE notes;
CREATE SINK teams TO KAFKA (topic = 'teams', format = 'upsert') AS SELECT team, COUNT(*) AS n, SUM(version) AS total FROM users GROUP BY team;
CREATE SINK seen TO KAFKA (topic = 'seen', format = 'upsert') AS
SELECT u.id, u.version, l.id AS login FROM users u JOIN last_logins l ON l.who = u.id;`
)
after(() => kept.remove())

interface User {
  readonly id: number
  readonly team: number
  readonly version: number
}

interface Visits {
  readonly who: number
  readonly n: number
}

describeOnKafka(
  'what is not split, beside what is',
  ({ client, broker }) => {
    const start = (): RunningPipeline => new RunningPipeline(kept, ['--brokers', broker().brokers])
    const users = new Map<number, User>()
    /** By user: the last login, and how many visits. */
    const logins = new Map<number, number>()
    const visits = new Map<number, number>()

    /** Each user changes, some leave, and most are in another team than before. */
    const writeRound = async (version: number): Promise<void> => {
      const rows = Array.from({ length: USERS }, (_, id): User => {
        return { id, team: random(TEAMS), version }
      })
      const gone = rows.filter(() => random(20) === 0)
      for (const row of rows) users.set(row.id, row)
      for (const { id } of gone) users.delete(id)
      const record = (id: number, row: object | null) => ({
        key: String(id),
        value: row === null ? null : JSON.stringify(row)
      })
      const seen = Array.from({ length: 500 }, (_, i) => {
        return { id: version * 1000 + i, who: random(USERS) }
      })
      for (const { id, who } of seen) logins.set(who, id)
      await client().write('users', [
        ...rows.map(row => record(row.id, row)),
        ...gone.map(({ id }) => record(id, null))
      ])
      const visitors = Array.from({ length: USERS }, () => random(100))
      for (const who of visitors) visits.set(who, (visits.get(who) ?? 0) + 1)
      await client().write(
        'visits',
        visitors.map(who => record(random(9), { who }))
      )
      // By who it is, so that the last of each is known.
      await client().write(
        'logins',
        seen.map(row => record(row.who, row))
      )
    }

    /** What the changes in a topic come to, each of which has to follow the one before it. */
    const follow = async <Row extends object>(
      topic: string,
      idOf: (row: Row) => number
    ): Promise<readonly Row[]> => {
      const told = new Map<number, Row>()
      for (const { value } of await client().read(topic)) {
        const { before: was, after: is } = JSON.parse(value!) as Record<string, Row | null>
        const id = idOf((is ?? was)!)
        assert.deepEqual(was, told.get(id) ?? null, `${topic}: what ${id} was before`)
        if (is === null) told.delete(id)
        else told.set(id, is!)
      }
      return [...told.values()].sort((a, b) => idOf(a) - idOf(b))
    }

    /** What a topic of upserts comes to. */
    const latest = async (topic: string): Promise<readonly unknown[]> => {
      const rows = new Map<string, unknown>()
      for (const { key, value } of await client().read(topic)) {
        if (value === null) rows.delete(String(key))
        else rows.set(String(key), JSON.parse(value))
      }
      return [...rows.values()].map(row => JSON.stringify(row)).sort()
    }
    const untilTold = (topic: string, wanted: () => readonly object[]): Promise<void> =>
      until(
        `${topic} is told`,
        async () => {
          const rows = wanted().map(row => JSON.stringify(row))
          return JSON.stringify(await latest(topic)) === JSON.stringify(rows.sort())
        },
        90_000
      )
    const teams = (): readonly object[] =>
      Array.from({ length: TEAMS }, (_, team) => {
        const own = [...users.values()].filter(user => user.team === team)
        return { team, n: own.length, total: own.reduce((sum, { version }) => sum + version, 0) }
      }).filter(({ n }) => n > 0)
    const seen = (): readonly object[] =>
      [...users.values()].flatMap(({ id, version }) =>
        logins.has(id) ? { id, version, login: logins.get(id) } : []
      )

    before(async () => {
      for (const topic of ['users', 'logins', 'visits', 'changes', 'counted', 'teams', 'seen'])
        await client().createTopic(topic, 3)
      await client().createTopic('noted', 1)
    })

    test('each change is told once, and behind the one before it, while processes are killed', async () => {
      const processes = new KilledProcesses(start, random)
      for (let round = 0; round < KILLS; round++) await processes.killOne(writeRound(round))
      await untilTold('teams', teams)
      await untilTold('seen', seen)
      const counts = () => follow<Visits>('counted', ({ who }) => who)
      const total = (rows: readonly Visits[]) => rows.reduce((sum, { n }) => sum + n, 0)
      await until('visits are counted', async () => total(await counts()) === KILLS * USERS, 90_000)
      assert.deepEqual(new Map((await counts()).map(({ who, n }) => [who, n])), visits)
      await processes.drain()
      const told = await follow<User>('changes', ({ id }) => id)
      assert.deepEqual(
        told,
        [...users.values()].sort((a, b) => a.id - b.id)
      )
      const noted = (await client().read('noted')).map(({ value }) => JSON.parse(value!) as object)
      assert.deepEqual(noted, [
        { id: 1, text: 'once' },
        { id: 1, text: 'once!' }
      ])
    })

    test('it moves to another process, and who has it answers questions on its tables', async () => {
      const ask = async (one: RunningPipeline): Promise<string> => {
        const words = ['sql', 'SELECT COUNT(*) AS n FROM users', '--port', String(await one.port())]
        const { stdout, stderr } = spawnSync(kept.path, words, { encoding: 'utf8' })
        return stdout + stderr
      }
      const first = await start().ready()
      assert.match(await ask(first), new RegExp(`\\b${users.size}\\b`))
      const second = await start().ready()
      await writeRound(KILLS)
      const answers = [await ask(first), await ask(second)]
      const elsewhere = answers.filter(text => text.includes('table-elsewhere'))
      assert.equal(elsewhere.length, 1, answers.join('\n'))
      const [has, other] = answers[0]!.includes('table-elsewhere')
        ? [second, first]
        : [first, second]
      assert.equal(await has.exit('SIGTERM'), 0, has.text())
      await writeRound(KILLS + 1)
      await untilTold('teams', teams)
      await untilTold('seen', seen)
      await until('the other one answers', async () =>
        new RegExp(`\\b${users.size}\\b`).test(await ask(other))
      )
      assert.equal(await other.exit('SIGTERM'), 0, other.text())
      const dry = new RunningPipeline(kept, ['--brokers', broker().brokers, '--dry-run'])
      assert.equal(await dry.exit(), 0, dry.text())
    })
  },
  ABORT_SOON
)
