import { busyShare, errorRate, FULLY_BUSY, rateOf } from '../rates.ts'
import { showCount, showDuration, showPercent, showRate } from '../show-figures.ts'
import { lineOf, type Watched, workAt } from './watched.ts'

export interface Problem {
  readonly level: 'bad' | 'warn'
  readonly what: string
  readonly text: string
  /** Of the SQL; null: none is to blame. */
  readonly line: number | null
}

/** A source that needs longer for what waits is told of, in seconds. */
const LONG_BEHIND = 60
/** An event time that is further behind the clock than this, in ms, keeps windows open for long. */
const OLD_WATERMARK = 900_000
/** Partitions that are so far apart, in ms: the slowest holds all others back. */
const APART = 300_000
/** An error is told of so long after it came, in ms. */
const RECENT = 60_000
/** More than this share of the records: the pipeline does not do what it is for. */
const MANY = 0.05

/** What somebody should look at, the worst first. */
export function findProblems(watched: Watched): Problem[] {
  const problems = [
    ...findDisconnected(watched),
    ...findLag(watched),
    ...findTime(watched),
    ...findErrors(watched),
    ...findBarriers(watched)
  ]
  return problems.sort((a, b) => Number(b.level === 'bad') - Number(a.level === 'bad'))
}

function findDisconnected({ now }: Watched): Problem[] {
  const gone = [
    ...now.sources.map(source => ({ ...source, kind: 'source' })),
    ...now.sinks.map(sink => ({ ...sink, kind: 'sink' }))
  ]
  const problems = gone.flatMap(({ kind, name, topic, status, trouble, line }): Problem[] => {
    if (status === 'disconnected') {
      const text = `${kind} ${name}, topic ${topic}: ${trouble}`
      return [{ level: 'bad', what: 'Disconnected', text, line }]
    }
    return status === 'starting'
      ? [{ level: 'warn', what: 'No partitions yet', text: `${kind} ${name}`, line }]
      : []
  })
  if (now.isReady || problems.length > 0) return problems
  return [{ level: 'warn', what: 'Not ready', text: 'it still reads its tables', line: null }]
}

function findLag(watched: Watched): Problem[] {
  const { now, before } = watched
  return now.sources.flatMap(({ name, lag, records, line, status }): Problem[] => {
    const was = before.sources.find(source => source.name === name)
    const rate = rateOf(now, before, records, was?.records ?? 0)
    if (lag === 0 || rate === null || status !== 'running') return []
    if (rate === 0) {
      const text = `source ${name} has ${showCount(lag)} records to read and reads none`
      return [{ level: 'bad', what: 'Stuck', text, line }]
    }
    const grows = lag > (was?.lag ?? 0) && lag > 5 * rate
    if (!grows && lag / rate < LONG_BEHIND) return []
    const needs = `${showDuration(lag / rate)} of work at ${showRate(rate)} records/s`
    const text = `source ${name} has ${showCount(lag)} records to read, ${needs}${whySlow(watched)}`
    return [{ level: 'warn', what: grows ? 'Falls behind' : 'Behind', text, line }]
  })
}

/** What takes the time of a pipeline that has none left. */
function whySlow(watched: Watched): string {
  const { now, before, what } = watched
  if ((busyShare(now, before) ?? 0) < FULLY_BUSY) return ''
  const shares = what.nodes.map(node => ({ node, share: workAt(watched, node)?.share ?? 0 }))
  const [most] = shares.toSorted((a, b) => b.share - a.share)
  const where =
    most === undefined || most.share === 0
      ? ''
      : `, for ${showPercent(most.share)} of it at ${most.node.kind} ${most.node.title}, line ${most.node.line}`
  return `; the busiest process works all the time${where}`
}

function findTime({ now }: Watched): Problem[] {
  return now.sources.flatMap(({ name, watermark, partitions, line }): Problem[] => {
    const marks = partitions.flatMap(one => (one.watermark === null ? [] : [one.watermark]))
    if (watermark === null || marks.length === 0) return []
    const newest = Math.max(...marks)
    const slow = partitions.filter(one => one.watermark !== null && newest - one.watermark > APART)
    if (slow.length > 0) {
      const list = slow.map(({ partition }) => partition).join(', ')
      const text = `source ${name}: partition ${list} holds the others back by ${showDuration((newest - watermark) / 1000)}`
      return [{ level: 'warn', what: 'Event time is uneven', text, line }]
    }
    if (now.now - watermark < OLD_WATERMARK) return []
    const text = `source ${name}: its watermark is ${showDuration((now.now - watermark) / 1000)} behind the clock`
    return [{ level: 'warn', what: 'Event time is old', text, line }]
  })
}

function findErrors(watched: Watched): Problem[] {
  const { now, before } = watched
  return now.errors.flatMap((error): Problem[] => {
    if (now.now - error.time > RECENT) return []
    const { of, side, code, count, message, place } = error
    const objects = side === 'source' ? now.sources : now.sinks
    const earlier = side === 'source' ? before.sources : before.sinks
    const records = objects.find(({ name }) => name === of)?.records ?? 0
    const was = earlier.find(({ name }) => name === of)?.records ?? 0
    const rate = errorRate(now, before, error) ?? 0
    const all = rateOf(now, before, records, was) ?? 0
    const where = place === null ? `${side} ${of}` : `${place.statement}, ${place.text}`
    const text = `${where}: ${message}. ${showRate(rate)}/s, ${showCount(count)} in all`
    const level = rate > 0 && rate > MANY * all ? 'bad' : 'warn'
    return [{ level, what: code, text, line: lineOf(error) }]
  })
}

function findBarriers({ now, before }: Watched): Problem[] {
  const problems: Problem[] = []
  const add = (level: Problem['level'], what: string, text: string): void => {
    problems.push({ level, what, text, line: null })
  }
  if (now.commits.failures > before.commits.failures) {
    add('bad', 'Commits fail', 'what was read since the last one may come again')
  }
  if (now.returns > before.returns) add('warn', 'Went back', 'to the last commit')
  if (now.checkpoints.failures > 0) {
    const text = `${showCount(now.checkpoints.failures)} times: a restart will take longer`
    add('warn', 'No checkpoint', text)
  }
  return problems
}
