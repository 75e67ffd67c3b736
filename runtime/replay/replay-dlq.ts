import { resolveProperties } from '../connect/kafka/resolve-properties.ts'
import { loadKafkaNative } from '../native/index.ts'
import { EnvironmentError } from '../observe/environment-error.ts'
import { isWanted, whyNot } from './dead-letter.ts'
import { parseReplay, replayHelp, type ReplayOptions } from './options.ts'
import { type Cluster, NoTopic, readLetters } from './read-letters.ts'
import { LetterCounts, renderLetter } from './render-letters.ts'
import { readReplayed, WriteBack } from './write-back.ts'

/** What a script says of its dead letters; `miraclec` knows no script. */
export interface ReplayDefaults {
  /** How the command is called. */
  readonly command: string
  readonly brokers: string | null
  readonly topics: readonly string[]
  readonly properties: Readonly<Record<string, string>>
}

export interface ReplayOutput {
  print(text: string): void
  complain(text: string): void
}

/** Lists dead letters, or writes the records that they are of back to their topics. Answers the exit code. */
export async function replayDlq(
  words: readonly string[],
  defaults: ReplayDefaults,
  environment: Readonly<Record<string, string | undefined>>,
  output: ReplayOutput
): Promise<number> {
  const { command } = defaults
  if (words.includes('--help')) {
    output.print(
      `Usage: ${command} [options]\n\nDead letters, with their reasons.\n\n${replayHelp}`
    )
    return 0
  }
  const options = parseReplay(words)
  const problem = typeof options === 'string' ? options : missing(options, defaults)
  if (typeof options === 'string' || problem !== null) {
    output.complain(`${command}: ${problem}\nSee ${command} --help\n`)
    return 2
  }
  try {
    const cluster = await findCluster(options, defaults, environment)
    const topics = options.topics.length > 0 ? options.topics : defaults.topics
    for (const topic of topics) {
      await replayTopic(topic, cluster, options, defaults, output).catch((error: unknown) => {
        // A script's dead-letter topics come into being with the first dead letter.
        if (!(error instanceof NoTopic) || options.topics.length > 0) throw error
        output.print(`${topic}: no dead letters\n\n`)
      })
    }
    return 0
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    output.complain(`${command}: ${error.message}\n${error.hint === null ? '' : `${error.hint}\n`}`)
    return 3
  }
}

function missing(options: ReplayOptions, defaults: ReplayDefaults): string | null {
  if ((options.brokers ?? defaults.brokers) === null) return '--brokers says where the topic is'
  if (options.topics.length > 0 || defaults.topics.length > 0) return null
  return 'which dead-letter topic? Give --topic'
}

async function findCluster(
  { brokers, properties }: ReplayOptions,
  defaults: ReplayDefaults,
  environment: Readonly<Record<string, string | undefined>>
): Promise<Cluster> {
  return {
    native: await loadKafkaNative(),
    brokers: (brokers ?? defaults.brokers)!,
    properties: resolveProperties({ ...defaults.properties, ...properties }, environment)
  }
}

async function replayTopic(
  topic: string,
  cluster: Cluster,
  { does, filter }: ReplayOptions,
  { command }: ReplayDefaults,
  output: ReplayOutput
): Promise<void> {
  // Before it is read what was written: nobody else writes any more from now on.
  const writer = does === 'write' ? await WriteBack.open(cluster, topic, () => Date.now()) : null
  try {
    const replayed = await readReplayed(cluster, topic)
    const counts = new LetterCounts()
    for await (const batch of readLetters(cluster, topic)) {
      const wanted = batch.filter(letter => isWanted(letter, filter))
      for (const letter of wanted) {
        counts.add(letter, replayed.has(letter))
        if (does === 'show') output.print(renderLetter(letter, replayed.has(letter)))
      }
      const able = wanted.filter(letter => !replayed.has(letter) && whyNot(letter) === null)
      if (able.length > 0) await writer?.write(able)
    }
    output.print(`${counts.render(topic)}\n${conclusion(does, counts.able, command)}`)
    for (const [why, count] of counts.unable) {
      output.print(`${count} can't be written back: ${why}\n`)
    }
    output.print('\n')
  } finally {
    await writer?.close()
  }
}

function conclusion(does: ReplayOptions['does'], able: number, command: string): string {
  if (does === 'write') return `${able} records written back\n`
  if (does === 'dry-run') return `${able} records would be written back\n`
  return able === 0 ? '' : `When the cause is put right: ${command} --write\n`
}
