import { securityProperties } from '../connect/kafka/client-config.ts'
import type { PipelineDefinition } from '../contract/index.ts'

/** `replay-dlq`, for the dead letters of the parts of a script. Answers the exit code. */
export async function runReplay(
  name: string,
  parts: readonly PipelineDefinition[],
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>
): Promise<number> {
  const { replayDlq } = await import('../replay/replay-dlq.ts')
  const sources = parts.flatMap(part => part.sources)
  const sinks = parts.flatMap(part => part.sinks)
  const clients = [...sources, ...sinks.filter(({ connector }) => connector === 'kafka')]
  const topics = [
    ...clients.map(({ onError }) => onError.deadLetterTopic),
    ...sources.map(({ lateTopic }) => lateTopic)
  ].filter(topic => topic !== null)
  const [first] = clients
  const defaults = {
    command: `${name} replay-dlq`,
    brokers: first?.brokers ?? null,
    topics: [...new Set(topics)],
    properties: securityProperties(first?.properties ?? {})
  }
  return replayDlq(words, defaults, environment, {
    print: text => void process.stdout.write(text),
    complain: text => void process.stderr.write(text)
  })
}
