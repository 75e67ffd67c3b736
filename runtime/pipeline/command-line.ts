import { MAX_MEMORY, readMaxMemory } from '../memory/index.ts'
import type { Level } from '../observe/log.ts'
import { type AccessOptions, accessFlags, NO_TLS, readAccess } from './access-flags.ts'
import { readPort } from './read-port.ts'
import { readWorkers, WORKERS, workerWords } from './worker-flags.ts'

export interface RunOptions extends AccessOptions {
  readonly kind: 'run'
  /** Instead of every source's and sink's own. */
  readonly brokers: string | null
  /** How the sources share partitions with other processes; null: as librdkafka does. */
  readonly groupProtocol: 'classic' | 'consumer' | null
  readonly logFormat: 'json' | 'text'
  readonly logLevel: Level
  readonly dryRun: boolean
  /** Whether the dashboard shows some of the records. */
  readonly sampleRecords: boolean
  /** Whether tables and groups are made anew, from the beginning of the sources. */
  readonly rebuildState: boolean
  /** Whether they are gone on with although they were made of other rows. */
  readonly acceptState: boolean
  /** Whether sources go on where records are gone that were not read yet. */
  readonly skipMissing: boolean
  /** How the rows of a SELECT on its own are printed. */
  readonly output: 'json' | 'table'
  readonly models: ReadonlyMap<string, string>
  /** Where the tables' checkpoints are kept; null: the usual place. */
  readonly stateFolder: string | null
  /** How many processes share the work. */
  readonly workers: number
  /** What each of them may use, in bytes; null: as much as there is. */
  readonly maxMemory: number | null
  /** The command line of all but the first of them. */
  readonly workerWords: readonly string[]
}

/** `sql`: a statement for a pipeline that runs. */
export interface SqlOptions extends ReachOptions {
  readonly kind: 'sql'
  /** Null: read them from standard input, or from a person. */
  readonly statement: string | null
  readonly format: 'table' | 'json'
}

/** A pipeline on this machine. */
export interface ReachOptions {
  readonly port: number
  readonly token: string | null
  readonly tokenFile: string | null
  /** A file with certificates that vouch for the pipeline's; null: it has none. */
  readonly tlsCa: string | null
}

/** `status`: how a running pipeline is. */
export interface StatusOptions extends ReachOptions {
  readonly kind: 'status'
  readonly format: 'text' | 'json'
  /** Whether it is shown again and again. */
  readonly watch: boolean
}

/** `explain --analyze`: what the operators of a running pipeline do. */
export interface AnalyzeOptions extends ReachOptions {
  readonly kind: 'analyze'
  /** For how long they are measured. */
  readonly seconds: number
}

export type Command =
  | RunOptions
  | { readonly kind: 'explain'; readonly format: 'text' | 'json' | 'mermaid' }
  | AnalyzeOptions
  | StatusOptions
  | ({ readonly kind: 'health' } & ReachOptions)
  | SqlOptions
  /** Its words are its own: see replay/options.ts. */
  | { readonly kind: 'replay-dlq'; readonly words: readonly string[] }
  | { readonly kind: 'version' | 'sbom' | 'help' }
  | { readonly kind: 'usage'; readonly problem: string }

const levels: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** The executable's own arguments. */
export function parseCommandLine(words: readonly string[]): Command {
  const [first, ...rest] = words
  switch (first) {
    case 'explain':
      return parseExplain(rest)
    case 'health':
      return parseHealth(rest)
    case 'status':
      return parseStatus(rest)
    case 'sql':
      return parseSql(rest)
    case 'replay-dlq':
      return { kind: 'replay-dlq', words: rest }
    case 'sbom':
      return rest.length === 0 ? { kind: 'sbom' } : usage(`sbom takes no "${rest[0]}"`)
    case '--version':
      return { kind: 'version' }
    case '--help':
    case '-h':
    case 'help':
      return { kind: 'help' }
    default:
      return first === undefined || first.startsWith('-')
        ? parseRun(words)
        : usage(`there is no command "${first}": ${COMMANDS}; without one the pipeline runs`)
  }
}

const COMMANDS = 'there are explain, status, health, sql, replay-dlq and sbom'

const ANALYZE = '--analyze'

function parseExplain(words: readonly string[]): Command {
  if (words.includes(ANALYZE)) return parseAnalyze(words.filter(word => word !== ANALYZE))
  const flags = readFlags(words, ['--format'], [ANALYZE])
  if (typeof flags === 'string') return usage(flags)
  const format = flags.get('--format')?.at(-1) ?? 'text'
  if (format !== 'text' && format !== 'json' && format !== 'mermaid') {
    return usage(`--format is text, json or mermaid, not "${format}"`)
  }
  return { kind: 'explain', format }
}

const reachFlags = ['--port', '--token', '--token-file', '--tls-ca']

/** Which pipeline on this machine, or what is wrong. */
function readReach(
  command: string,
  flags: ReadonlyMap<string, readonly string[]>
): ReachOptions | string {
  const last = (flag: string): string | null => flags.get(flag)?.at(-1) ?? null
  const port = readPort(last('--port'))
  if (typeof port !== 'number') {
    return port ?? `${command} needs --port: the one that the pipeline was started with`
  }
  const [token, tokenFile, tlsCa] = [last('--token'), last('--token-file'), last('--tls-ca')]
  return { port, token, tokenFile, tlsCa }
}

function parseAnalyze(words: readonly string[]): Command {
  const flags = readFlags(words, [...reachFlags, '--seconds'], [ANALYZE])
  if (typeof flags === 'string') return usage(flags)
  const text = flags.get('--seconds')?.at(-1) ?? '2'
  const seconds = Number(text)
  if (!(seconds > 0 && seconds <= 3600)) {
    return usage(`--seconds is a number up to 3600, not "${text}"`)
  }
  const reach = readReach('explain --analyze', flags)
  return typeof reach === 'string' ? usage(reach) : { kind: 'analyze', ...reach, seconds }
}

function parseHealth(words: readonly string[]): Command {
  const flags = readFlags(words, reachFlags)
  if (typeof flags === 'string') return usage(flags)
  const reach = readReach('health', flags)
  return typeof reach === 'string' ? usage(reach) : { kind: 'health', ...reach }
}

const WATCH = '--watch'

function parseStatus(words: readonly string[]): Command {
  const flags = readFlags(
    words.filter(word => word !== WATCH),
    [...reachFlags, '--format'],
    [WATCH]
  )
  if (typeof flags === 'string') return usage(flags)
  const reach = readReach('status', flags)
  if (typeof reach === 'string') return usage(reach)
  const format = flags.get('--format')?.at(-1) ?? 'text'
  if (format !== 'text' && format !== 'json') {
    return usage(`--format is text or json, not "${format}"`)
  }
  return { kind: 'status', ...reach, format, watch: words.includes(WATCH) }
}

function parseSql(words: readonly string[]): Command {
  const [first] = words
  const hasStatement = first !== undefined && !first.startsWith('--')
  const flags = readFlags(hasStatement ? words.slice(1) : words, [...reachFlags, '--format'])
  if (typeof flags === 'string') return usage(flags)
  const reach = readReach('sql', flags)
  if (typeof reach === 'string') return usage(reach)
  const format = flags.get('--format')?.at(-1) ?? 'table'
  if (format !== 'table' && format !== 'json') {
    return usage(`--format is table or json, not "${format}"`)
  }
  const statement = hasStatement ? first : null
  return { kind: 'sql', statement, ...reach, format }
}

const runFlags = [
  ...['--brokers', '--log-format', '--log-level', '--model', '--state-dir', '--output'],
  ...['--group-protocol', WORKERS, MAX_MEMORY, ...accessFlags]
]

/** Those without a value. */
const switches: readonly string[] = [
  ...['--dry-run', '--rebuild-state', '--accept-state', '--skip-missing'],
  ...['--sample-records', NO_TLS]
]

function parseRun(words: readonly string[]): Command {
  const has = (word: string): boolean => words.includes(word)
  const given = words.filter(word => !switches.includes(word))
  const flags = readFlags(given, runFlags, switches)
  if (typeof flags === 'string') return usage(flags)
  const last = (flag: string): string | null => flags.get(flag)?.at(-1) ?? null
  const access = readAccess(last, has(NO_TLS))
  if (typeof access === 'string') return usage(access)
  const formats = readFormats(last)
  if (typeof formats === 'string') return usage(formats)
  const models = readModels(flags.get('--model') ?? [])
  if (typeof models === 'string') return usage(models)
  const groupProtocol = last('--group-protocol')
  if (groupProtocol !== null && groupProtocol !== 'classic' && groupProtocol !== 'consumer') {
    return usage(`--group-protocol is classic or consumer, not "${groupProtocol}"`)
  }
  const [brokers, stateFolder] = [last('--brokers'), last('--state-dir')]
  const workers = readWorkers(last(WORKERS))
  if (typeof workers === 'string') return usage(workers)
  const maxMemory = readMaxMemory(last(MAX_MEMORY), workers)
  if (typeof maxMemory === 'string') return usage(maxMemory)
  const switched = readSwitches(has, access, workers)
  if (typeof switched === 'string') return usage(switched)
  return {
    kind: 'run',
    ...{ brokers, groupProtocol, stateFolder, models, workers, maxMemory },
    workerWords: workerWords(words, maxMemory),
    ...access,
    ...formats,
    ...switched
  }
}

type SwitchedOptions = Pick<
  RunOptions,
  'dryRun' | 'sampleRecords' | 'rebuildState' | 'acceptState' | 'skipMissing'
>

/** What is on, or what of it does not go together. */
function readSwitches(
  has: (word: string) => boolean,
  { port }: Pick<RunOptions, 'port'>,
  workers: number
): SwitchedOptions | string {
  const [rebuildState, acceptState] = [has('--rebuild-state'), has('--accept-state')]
  const [dryRun, sampleRecords] = [has('--dry-run'), has('--sample-records')]
  if (rebuildState && acceptState) {
    return '--rebuild-state makes the state anew: there is nothing to accept'
  }
  if (rebuildState && dryRun) return '--dry-run changes nothing: leave --rebuild-state out'
  if (rebuildState && workers > 1) {
    return `--rebuild-state is for one process: end it when it has started, then use ${WORKERS}`
  }
  if (sampleRecords && port === null)
    return '--sample-records is for the dashboard: give --port too'
  return { dryRun, sampleRecords, rebuildState, acceptState, skipMissing: has('--skip-missing') }
}

/** How the log and the rows look, or what is wrong. */
function readFormats(
  last: (flag: string) => string | null
): Pick<RunOptions, 'logFormat' | 'logLevel' | 'output'> | string {
  const logFormat = last('--log-format') ?? 'json'
  if (logFormat !== 'json' && logFormat !== 'text') {
    return `--log-format is json or text, not "${logFormat}"`
  }
  const level = last('--log-level') ?? 'info'
  const logLevel = levels.find(known => known === level)
  if (logLevel === undefined) return `--log-level is ${levels.join(', ')}, not "${level}"`
  const output = last('--output') ?? 'json'
  if (output !== 'json' && output !== 'table') return `--output is json or table, not "${output}"`
  return { logFormat, logLevel, output }
}

/** Paths by model, or what is wrong. */
function readModels(texts: readonly string[]): ReadonlyMap<string, string> | string {
  const models = new Map<string, string>()
  for (const text of texts) {
    const equals = text.indexOf('=')
    if (equals < 1) return `--model is name=path, not "${text}"`
    models.set(text.slice(0, equals), text.slice(equals + 1))
  }
  return models
}

/** Values by flag, or what is wrong. `--flag value` and `--flag=value`. */
function readFlags(
  words: readonly string[],
  known: readonly string[],
  others: readonly string[] = []
): Map<string, string[]> | string {
  const flags = new Map<string, string[]>()
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const equals = word.indexOf('=')
    const name = equals < 0 ? word : word.slice(0, equals)
    if (!known.includes(name)) return unknownFlag(name, [...known, ...others])
    const value = equals < 0 ? words[++i] : word.slice(equals + 1)
    if (value === undefined) return `${name} needs a value`
    flags.set(name, [...(flags.get(name) ?? []), value])
  }
  return flags
}

function unknownFlag(name: string, known: readonly string[]): string {
  // One letter off, or the beginning of one: the mistakes that people make with flags.
  const near = known.find(
    flag => flag.startsWith(name) || name.startsWith(flag) || differByOne(flag, name)
  )
  const hint = near === undefined ? '' : `; did you mean ${near}?`
  return `there is no option "${name}"${hint}`
}

function differByOne(a: string, b: string): boolean {
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  const swapped = a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2)
  const one =
    a.slice(i + 1) === b.slice(i + 1) ||
    a.slice(i) === b.slice(i + 1) ||
    a.slice(i + 1) === b.slice(i)
  return swapped || one
}

function usage(problem: string): Command {
  return { kind: 'usage', problem }
}

export function helpText(name: string): string {
  return `Usage: ${name} [options]            run the pipeline until SIGTERM or SIGINT
       ${name} explain [--format text|json|mermaid]
       ${name} explain --analyze --port <p> [--seconds <n>]
                                 rows and time of each operator of a running pipeline, and where else its time goes, measured for 2 seconds
       ${name} status --port <p> [--watch] [--format text|json]
                                 how a running pipeline is: lag, rates, state, errors
       ${name} health --port <p>    exit code 0 when a running pipeline is ready
       ${name} sql ['<statement>'] --port <p> [--token <t>] [--format table|json]
                                 ask or change a running pipeline; without a statement, a shell
                                 All of these take --tls-ca <path> where the pipeline has a certificate, and --token-file
       ${name} replay-dlq [--show|--write|--dry-run] [--code <code>] [--source <name>] ...
                                 dead letters with their reasons; --write writes the records back. --help says more
       ${name} sbom             the bill of materials: what is in this executable, as CycloneDX
       ${name} --version

Options:
  --brokers <list>       instead of the script's, for all sources and sinks
  --port <p>             serve a dashboard, /metrics, /api/v1/sql, /api/v1/kafka/metrics, /health/live and /health/ready on 127.0.0.1; 0: any free
                         port
  --pg-port <p>          answer psql and PostgreSQL's drivers on 127.0.0.1; 0: any free port. User admin, whose password is the
                         token, changes tables; all others only ask. Without --port and --pg-port nobody can ask anything
  --listen <address>     be reached from outside, by 0.0.0.0 from everywhere: then everything but /health needs the token, and
                         TLS has to be there, or --no-tls where something in front of the pipeline encrypts
  --tls-cert, --tls-key <path>
                         a certificate in PEM, with those that vouch for it, and its key, for --port and --pg-port
  --max-rows <n>         rows of an answer, at most (default: 100000)
  --token <t>            what statements that change something need; better in MIRACLEC_TOKEN or a file, where other
                         users of the machine do not see it
  --token-file <path>    a file that holds the token
  --group-protocol classic|consumer
                         how sources share partitions with other processes: consumer needs Kafka 4 (KIP-848), and a source that
                         starts or ends holds nobody up. A source's CONFIG comes first
  --model <name>=<path>  another ONNX file for a model, with the same inputs and outputs; may be repeated
  --output json|table    how rows of a SELECT on its own are printed: a line of JSON each (default), or in columns
  --state-dir <folder>   where copies of tables are kept for a quick restart (default: in XDG_STATE_HOME or ~/.local/state)
  --rebuild-state        forget tables and groups, and read the sources from their beginning again; what they give is written again
  --accept-state         go on with tables and groups that another script has kept, where they hold the same columns
  --skip-missing         go on where records of a source were deleted before they were read, or its topic was made anew: the gap
                         is counted and logged. Without it the pipeline stops
  --sample-records       the dashboard shows some of the records, which whoever reaches the port can read then
  --log-format json|text json is the default; text is for people
  --log-level <level>    debug, info (default), warn or error
  --workers <n>          share the work among so many processes, which start and end together and show themselves as one. One with
                         state needs SET parallelism in its script
  --max-memory <size>    as 256MB: reading waits where more would be needed. State that does not fit, and is not kept on the disk
                         (SET state = 'lmdb'), ends the pipeline after a commit, with the size that it needs. Workers share it
  --dry-run              look whether brokers, topics, permissions, state, models, ports and folders are as a start needs them,
                         and say what to do where they are not; changes nothing

Exit codes: 0 done, 1 a record stopped it, 2 usage, 3 environment, 4 a bug.
`
}
