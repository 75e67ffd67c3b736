import { openListening } from '../access/listen.ts'
import { securityProperties } from '../connect/kafka/client-config.ts'
import { resolveProperties } from '../connect/kafka/resolve-properties.ts'
import { stateTopics } from '../connect/state-topic.ts'
import type { OwnTopic, PipelineDefinition } from '../contract/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import type { RunOptions } from '../pipeline/command-line.ts'
import { findToken } from '../pipeline/find-token.ts'
import { Brokers } from './brokers.ts'
import { type Check, failed, failedBy, ok, unknown } from './check.ts'
import { checkNeeds } from './check-kafka.ts'
import { checkFolder, checkPort } from './check-place.ts'
import { checkRegistries } from './check-registry.ts'
import { checkState } from './check-state.ts'
import { between, type Needs, needsOf } from './needs.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface DryRun {
  readonly parts: readonly PipelineDefinition[]
  /** Between the parts. */
  readonly topics: readonly OwnTopic[]
  readonly options: RunOptions
  readonly environment: Environment
  /** Null: nothing is kept on the disk. */
  readonly stateFolder: string | null
  /** Opens a model; rejects where it can't be. */
  readonly models: readonly { readonly name: string; open(): Promise<unknown> }[]
}

/** Everything that a start would need, looked at without changing anything. */
export async function runChecks(run: DryRun): Promise<readonly Check[]> {
  return [
    ...(await checkKafka(run)),
    ...(await checkRegistries(run.parts, run.environment)),
    ...(await checkModels(run)),
    ...(await checkAccess(run)),
    ...checkFolders(run)
  ]
}

/** Clients that reach the same brokers in the same way. */
interface Login {
  readonly brokers: string
  readonly security: Readonly<Record<string, string>>
  readonly needs: Needs[]
  readonly states: PipelineDefinition[]
}

async function checkKafka(run: DryRun): Promise<readonly Check[]> {
  const { logins, checks } = collectLogins(run)
  for (const login of logins) checks.push(...(await checkLogin(login, run.options.acceptState)))
  return checks
}

function collectLogins({ parts, topics, environment }: DryRun): {
  readonly logins: readonly Login[]
  readonly checks: Check[]
} {
  const logins = new Map<string, Login>()
  const checks: Check[] = []
  let first = null as Login | null
  for (const part of parts) {
    const { ends, own } = needsOf(part)
    const clients = [
      ...part.sources.map(source => [`source "${source.name}"`, source] as const),
      ...part.sinks.map(sink => [`sink "${sink.name}"`, sink] as const)
    ]
    for (const [of, { brokers, properties }] of clients) {
      const needs = ends.get(of)
      if (needs === undefined) continue
      try {
        const security = securityProperties(resolveProperties(properties, environment))
        const key = JSON.stringify([brokers, Object.entries(security).sort()])
        const login = logins.get(key) ?? { brokers, security, needs: [], states: [] }
        logins.set(key, login)
        login.needs.push(needs)
        first ??= login
      } catch (error) {
        if (!(error instanceof EnvironmentError)) throw error
        const fix = "Change the script's CONFIG, or what it names."
        checks.push(failedBy(error, 'CONFIG', of, fix))
      }
    }
    // As a start does it: what is a pipeline's own is where its first source is.
    first?.needs.push(own)
    first?.states.push(part)
  }
  if (topics.length > 0)
    first?.needs.push({ topics: between(topics), groups: [], transactionalIds: [] })
  return { logins: [...logins.values()], checks }
}

async function checkLogin(login: Login, accepted: boolean): Promise<readonly Check[]> {
  const { brokers: list, security } = login
  const needs = joined(login.needs)
  let brokers: Brokers | string
  try {
    brokers = await Brokers.open(list, security)
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    const fix = 'Check the address in the script, or give another with --brokers.'
    return [failedBy(error, 'brokers', list, fix), ...unchecked(needs, 'no broker')]
  }
  if (typeof brokers === 'string') {
    const why = `only librdkafka can follow '${brokers}'`
    return [ok('brokers', list, 'they answer'), ...unchecked(needs, why)]
  }
  try {
    const checks = [ok('brokers', list, 'they answer'), ...(await checkNeeds(brokers, needs))]
    const isBad = checks.some(({ verdict, what }) => verdict === 'failed' && what === 'state topic')
    for (const part of isBad ? [] : login.states)
      checks.push(...(await checkState(brokers, part, accepted)))
    return checks
  } catch (error) {
    return [failed('brokers', list, (error as Error).message, 'Try again.')]
  } finally {
    brokers.close()
  }
}

function joined(all: readonly Needs[]): Needs {
  const topics = all.flatMap(needs => needs.topics)
  return {
    topics: [...new Map(topics.map(one => [`${one.topic} ${one.of}`, one])).values()],
    groups: all.flatMap(needs => needs.groups),
    transactionalIds: all.flatMap(needs => needs.transactionalIds)
  }
}

function unchecked({ topics, groups, transactionalIds }: Needs, why: string): readonly Check[] {
  return [
    ...topics.map(({ what, topic, of }) => unknown(what, `${topic} of ${of}`, why)),
    ...groups.map(({ group, of }) => unknown('group', `${group} of ${of}`, why)),
    ...transactionalIds.map(id => unknown('transactional id', id, why))
  ]
}

async function checkModels({ models }: DryRun): Promise<readonly Check[]> {
  const checks: Check[] = []
  for (const { name, open } of models) {
    try {
      await open()
      checks.push(ok('model', name, 'loads'))
    } catch (error) {
      if (!(error instanceof EnvironmentError)) throw error
      const fix = 'Give a file with the inputs and outputs that the script was compiled with.'
      checks.push(failedBy(error, 'model', name, fix))
    }
  }
  return checks
}

async function checkAccess({ options, environment }: DryRun): Promise<readonly Check[]> {
  const { port, pgPort } = options
  if (port === null && pgPort === null) return []
  try {
    const { host } = openListening(options, findToken(options, environment))
    return [
      ...(port === null ? [] : [await checkPort('port', host, port)]),
      ...(pgPort === null ? [] : [await checkPort('pg port', host, pgPort)])
    ]
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    const fix = 'Give a file that this user may read.'
    return [failedBy(error, 'access', options.listen ?? 'this machine', fix)]
  }
}

function checkFolders({ parts, stateFolder }: DryRun): readonly Check[] {
  const keeps = parts.some(part => stateTopics(part).length > 0)
  if (!keeps || stateFolder === null) return []
  const fix = 'Give one that this user may write to with --state-dir.'
  return [checkFolder('state folder', stateFolder, fix)]
}
