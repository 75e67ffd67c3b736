import assert from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { TestAuthority } from '../support/certificates.ts'
import { allow, type Permission } from '../support/kafka/allow.ts'
import { describeOnKafka } from '../support/kafka/describe.ts'
import {
  compileExecutable,
  compileWithBug,
  type Executable,
  RunningPipeline
} from '../support/kafka/executable.ts'
import { PASSWORD, startSecuredBroker } from '../support/kafka/secured-broker.ts'
import { TokenIssuer } from '../support/kafka/token-issuer.ts'
import { until } from '../support/kafka/until.ts'
import { runPsql } from '../support/postgres/psql.ts'

const authority = new TestAuthority()
const pair = authority.issue('pipeline')
const secrets = mkdtempSync(join(tmpdir(), 'miraclec-secrets-'))
const passwordFile = join(secrets, 'password')
writeFileSync(passwordFile, `${PASSWORD}\n`)
after(() => {
  authority.remove()
  rmSync(secrets, { recursive: true, force: true })
})

const sasl = `'security.protocol' = '\${PROTOCOL}', 'sasl.mechanisms' = '\${MECHANISM}', 'sasl.username' = '\${WHO}', 'sasl.password' = '\${file:${passwordFile}}', 'ssl.ca.location' = '\${CA}'`
const oauth = `'security.protocol' = 'sasl_plaintext', 'sasl.mechanisms' = 'OAUTHBEARER', 'enable.sasl.oauthbearer.unsecure.jwt' = 'true', 'sasl.oauthbearer.config' = 'principal=alice'`
const oidc = `'security.protocol' = 'sasl_plaintext', 'sasl.mechanisms' = 'OAUTHBEARER', 'sasl.oauthbearer.method' = 'oidc', 'sasl.oauthbearer.client.id' = 'pipeline', 'sasl.oauthbearer.client.secret' = '\${CLIENT_SECRET}', 'sasl.oauthbearer.token.endpoint.url' = '\${ISSUER}'`
const mtls = `'security.protocol' = 'ssl', 'ssl.ca.location' = '\${CA}', 'ssl.certificate.location' = '\${CERT}', 'ssl.key.location' = '\${KEY}'`

function script(name: string, config: string, delivery = 'at_least_once'): string {
  return `SET delivery = '${delivery}'; SET commit_interval = '100 ms';
CREATE SOURCE s FROM KAFKA (topic = '${name}-in', group_id = '${name}', auto_offset_reset = 'earliest') SCHEMA (id INT NOT NULL) CONFIG (${config});
CREATE SINK k TO KAFKA (topic = '${name}-out', linger_ms = 1) CONFIG (${config});
INSERT INTO k SELECT id FROM s;`
}

const bug = `CREATE SOURCE s FROM KAFKA (topic = 'bug-in', group_id = 'bug', auto_offset_reset = 'earliest') SCHEMA (t TEXT) CONFIG (${sasl});
CREATE SINK k TO KAFKA (topic = 'bug-out') CONFIG (${sasl});
INSERT INTO k SELECT upper(t) AS u FROM s;`

const executables = Object.fromEntries(
  Object.entries({ sasl, oauth, oidc, mtls }).flatMap(([name, config]) => [
    [name, compileExecutable(name, script(name, config))],
    [
      `${name}-once`,
      compileExecutable(`${name}-once`, script(`${name}-once`, config, 'exactly_once'))
    ]
  ])
) as Readonly<Record<Login | `${Login}-once`, Executable>>
after(() => Object.values(executables).forEach(executable => executable.remove()))

type Login = 'sasl' | 'oauth' | 'oidc' | 'mtls'

/** Who talks to the brokers. */
const WAYS = ['raw', 'librdkafka'] as const
type Way = (typeof WAYS)[number]

function chosen(way: Way): Record<string, string> {
  return { MIRACLEC_FETCH: way, MIRACLEC_PRODUCE: way }
}

const alice = { WHO: 'alice', CA: authority.ca }

describeOnKafka(
  'a broker that wants to know who asks',
  ({ client, broker }) => {
    let written = 0

    /** One record goes through, and a bad one to the dead letters, whose topic is made by the pipeline. */
    async function passes(
      name: keyof typeof executables,
      way: Way,
      listener: string,
      environment: Record<string, string>
    ): Promise<void> {
      const read = (topic: string) =>
        client()
          .read(`${name}-${topic}`)
          .catch(() => [])
      for (const topic of ['in', 'out']) {
        await client()
          .createTopic(`${name}-${topic}`, 1)
          .catch(() => {})
      }
      const before = (await read('out')).length
      const lettersBefore = (await read('in-dlq')).length
      const words = ['--brokers', broker().listener(listener), '--log-level', 'debug']
      const env = { ...chosen(way), ...environment }
      const pipeline = await new RunningPipeline(executables[name], words, env).ready()
      await client().write(`${name}-in`, [{ value: `{"id":${++written}}` }, { value: '{bad' }])
      await pipeline.beside(
        until('the record has passed', async () => (await read('out')).length === before + 1)
      )
      assert.equal((await read('out')).at(-1)!.value, `{"id":${written}}`)
      await pipeline.beside(
        until('the bad one is kept', async () => (await read('in-dlq')).length > lettersBefore)
      )
      assert.equal(await pipeline.exit('SIGTERM'), 0, pipeline.text())
      // Whoever reads the log reads JSON: Node adds nothing to it.
      assert.ok(
        pipeline.log.every(({ level }) => level !== undefined),
        pipeline.text()
      )
      // Connections of our own get in as librdkafka does: nothing is left to it.
      assert.doesNotMatch(pipeline.text(), /by librdkafka/)
    }

    /** Every way in: what the script says, the listener, and what the environment adds. */
    const logins: readonly (readonly [string, Login, string, Record<string, string>])[] = [
      ...['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'].map(
        MECHANISM =>
          [MECHANISM, 'sasl', 'SASL', { ...alice, PROTOCOL: 'sasl_plaintext', MECHANISM }] as const
      ),
      [
        ...(['SCRAM over TLS', 'sasl', 'SASLTLS'] as const),
        { ...alice, PROTOCOL: 'sasl_ssl', MECHANISM: 'SCRAM-SHA-512' }
      ],
      ['TLS', 'sasl', 'TLS', { ...alice, PROTOCOL: 'ssl', MECHANISM: 'PLAIN' }],
      ['OAUTHBEARER', 'oauth', 'SASL', {}],
      [
        'a certificate of the client',
        'mtls',
        'MTLS',
        {
          ...{ CA: authority.ca, CERT: pair.cert, KEY: pair.key }
        }
      ]
    ]
    for (const way of WAYS) {
      for (const [what, name, listener, environment] of logins) {
        test(`${what}, ${way}`, () => passes(name, way, listener, environment))
        test(`${what}, ${way}, exactly once`, () =>
          passes(`${name}-once`, way, listener, environment))
      }
      test(`OAUTHBEARER with a token from an issuer, ${way}`, async () => {
        const issuer = await TokenIssuer.start(PASSWORD)
        const environment = { ISSUER: issuer.url, CLIENT_SECRET: PASSWORD }
        await passes('oidc', way, 'SASL', environment)
        await passes('oidc-once', way, 'SASL', environment)
        assert.ok(issuer.issued >= 2)
        issuer.stop()
      })
    }
    test('a token that its issuer refuses', async () => {
      const issuer = await TokenIssuer.start(PASSWORD)
      const words = ['--brokers', broker().listener('SASL'), '--dry-run']
      const env = { ISSUER: issuer.url, CLIENT_SECRET: 'wrong' }
      const refused = await promisify(execFile)(executables.oidc.path, words, { env }).then(
        () => assert.fail('the login was not refused'),
        (error: { readonly code: number; readonly stdout: string }) => error
      )
      assert.equal(refused.code, 3)
      assert.match(refused.stdout, /the login is refused by.*the token endpoint .* answers 401/)
      issuer.stop()
    })

    test('what is wrong with a login is said, and where to look', () => {
      const run = (
        name: keyof typeof executables,
        listener: string,
        env: Record<string, string>
      ) => {
        const words = ['--brokers', broker().listener(listener), '--dry-run']
        const { status, stdout, stderr } = spawnSync(executables[name].path, words, {
          env,
          encoding: 'utf8'
        })
        assert.equal(status, 3, stderr)
        return stdout.replaceAll('\n', ' ')
      }
      const plain = { ...alice, PROTOCOL: 'sasl_plaintext', MECHANISM: 'PLAIN' }
      assert.match(
        run('sasl', 'SASL', { ...plain, WHO: 'nobody' }),
        /the login is refused by 127.*Invalid username or password.*sasl\.username/
      )
      const tls = { ...plain, PROTOCOL: 'sasl_ssl', CA: '/etc/ssl/certs/ca-certificates.crt' }
      assert.match(
        run('sasl', 'SASLTLS', tls),
        /there is no TLS with 127.*certificate verify failed.*ssl\.ca\.location/
      )
      const own = authority.issue('stranger')
      const stranger = new TestAuthority()
      const foreign = stranger.issue('pipeline')
      assert.match(
        run('mtls', 'MTLS', { CA: authority.ca, CERT: foreign.cert, KEY: foreign.key }),
        /there is no TLS with 127|no broker answers/
      )
      assert.match(
        run('mtls', 'MTLS', { CA: authority.ca, CERT: own.cert, KEY: own.key }),
        /lacks the permission Write on topic \\?"mtls-out/
      )
      stranger.remove()
    })

    // Users of their own: what one may do by then the other must not.
    for (const [way, user] of [
      ['raw', 'mallory'],
      ['librdkafka', 'trudy']
    ] as const) {
      test(`what a user may not do is named, with its resource: ${way}`, async () => {
        const login = { ...alice, WHO: user, PROTOCOL: 'sasl_plaintext', MECHANISM: 'PLAIN' }
        const env = { ...login, ...chosen(way) }
        const words = ['--brokers', broker().listener('SASL')]
        const permit = (...permissions: Omit<Permission, 'user'>[]) =>
          allow(
            broker().brokers,
            permissions.map(one => ({ user, ...one }))
          )
        for (const topic of ['sasl-in', 'sasl-out', 'sasl-once-in', 'sasl-once-out']) {
          await client()
            .createTopic(topic, 1)
            .catch(() => {})
        }
        const first = new RunningPipeline(executables.sasl, words, env)
        assert.equal(await first.exit(), 3)
        assert.match(
          first.text(),
          /sink \\?"k\\?": the user lacks the permission Write on topic \\?"sasl-out/
        )
        assert.match(
          first.text(),
          /kafka-acls\.sh --bootstrap-server <broker> --add --allow-principal User:<name> --operation Write --topic sasl-out/
        )
        await permit({ operation: 'write', resource: 'topic', name: 'sasl-out' })
        const second = new RunningPipeline(executables.sasl, words, env)
        await second.logged('lacks the permission Read on group "sasl"')
        assert.equal(await second.exit('SIGTERM'), 0)
        await permit({ operation: 'read', resource: 'group', name: 'sasl' })
        const third = new RunningPipeline(executables.sasl, words, env)
        await third.logged('lacks the permission Read on topic "sasl-in"')
        assert.equal(await third.exit('SIGTERM'), 0)
        // Dead letters go to a topic of the source's, which is made when the first one comes.
        await permit({ operation: 'read', resource: 'topic', name: 'sasl-in' })
        const fourth = await new RunningPipeline(executables.sasl, words, env).ready()
        await client().write('sasl-in', [{ value: '{bad' }])
        await fourth.logged('sasl-in-dlq')
        assert.notEqual(await fourth.exit(), 0)
        assert.match(fourth.text(), /User:<name> --operation Create --topic sasl-in-dlq/)
        const once = new RunningPipeline(executables['sasl-once'], words, env)
        assert.equal(await once.exit(), 3)
        assert.match(once.text(), /lacks the permission Write on transactional id \\?"/)
      })
    }

    test('no secret is told: in no log, no metric, no answer, no plan, no dead letter, no crash', async () => {
      for (const topic of ['bug-in', 'bug-out']) await client().createTopic(topic, 1)
      const buggy = await compileWithBug('bug', bug)
      after(() => buggy.remove())
      const token = 'planted-Token-2b9c'
      const env = { ...alice, PROTOCOL: 'sasl_ssl', MECHANISM: 'PLAIN', MIRACLEC_TOKEN: token }
      const listening = [
        '--brokers',
        broker().listener('SASLTLS'),
        '--pg-port',
        '0',
        '--log-level',
        'debug',
        '--sample-records'
      ]
      const pipeline = await new RunningPipeline(executables.sasl, listening, env).ready()
      await client().write('sasl-in', [{ value: '{bad again' }])
      const { metrics, postgres } = await pipeline.logged('started')
      const told: string[] = []
      for (const path of [
        '/api/v1/kafka/metrics',
        '/metrics',
        '/api/v1/pipeline/status',
        '/api/v1/pipeline',
        '/api/v1/pipeline/samples',
        '/',
        '/dashboard.js',
        '/health/ready',
        '/nowhere'
      ]) {
        told.push(await (await fetch(new URL(path, String(metrics)))).text())
      }
      const ask = async (sql: string, authorization: string): Promise<void> => {
        const response = await fetch(new URL('/api/v1/sql', String(metrics)), {
          method: 'POST',
          body: sql,
          headers: { authorization }
        })
        told.push(await response.text())
      }
      const statements = [
        'DESCRIBE k',
        'DESCRIBE s',
        'SELECT * FROM system.kafka_sinks',
        'SELECT * FROM system.kafka_sources',
        'SELECT',
        `ALTER SINK k SET 'sasl.password' = '${PASSWORD}x'`,
        "ALTER SINK k SET 'sasl.password' = 5",
        'INSERT INTO totals VALUES (1)'
      ]
      for (const sql of statements) {
        await ask(sql, `Bearer ${token}`)
        await ask(sql, `Bearer ${token}x`)
      }
      const port = Number(new URL(String(postgres)).port)
      for (const password of [token, `${token}x`]) {
        const { stdout, stderr } = await runPsql(
          port,
          ['-c', 'SHOW ALL', '-c', '\\d', '-c', 'SELECT nothing'],
          { PGUSER: 'admin', PGPASSWORD: password }
        ).catch(() => ({ stdout: '', stderr: '' }))
        told.push(stdout, stderr)
      }
      const running = ['--port', new URL(String(metrics)).port]
      for (const words of [
        ['status', ...running],
        ['status', '--format', 'json', ...running],
        ['explain', '--analyze', '--seconds', '0.1', ...running],
        ['health', ...running],
        ['sql', 'SELECT * FROM system.kafka_sources', ...running],
        ['replay-dlq', '--show', '--brokers', broker().listener('SASLTLS')],
        ['explain'],
        ['explain', '--format', 'json'],
        ['--help'],
        ['--version'],
        ['--brokers', 'nowhere:1', '--dry-run'],
        ['--brokers', broker().listener('SASL'), '--dry-run'],
        ['--port', '0', '--token-file', '/nowhere']
      ]) {
        const { stdout, stderr } = spawnSync(executables.sasl.path, words, {
          env,
          encoding: 'utf8'
        })
        told.push(stdout, stderr)
      }
      assert.equal(await pipeline.exit('SIGTERM'), 0)
      told.push(JSON.stringify(pipeline.log))
      const letters = await client().read('sasl-in-dlq')
      assert.ok(letters.length > 0)
      told.push(JSON.stringify(letters))
      const crashed = new RunningPipeline(buggy, listening, env)
      await client().write('bug-in', [{ value: '{"t":"x"}' }])
      assert.equal(await crashed.exit(), 4, crashed.text())
      told.push(crashed.text())
      const text = told.join('\n')
      assert.ok(text.length > 20_000)
      assert.match(text, /password authentication failed/)
      assert.match(text, /noSuchMethod is not a function/)
      for (const secret of [PASSWORD, token]) {
        const at = text.indexOf(secret)
        assert.equal(at, -1, text.slice(Math.max(0, at - 300), at + 60))
      }
    })
  },
  { start: () => startSecuredBroker(authority) }
)
