import type { Level } from '../observe/log.ts'

export interface RunOptions {
  readonly kind: 'run'
  /** Instead of every source's and sink's own. */
  readonly brokers: string | null
  /** Null: no HTTP server. */
  readonly port: number | null
  readonly logFormat: 'json' | 'text'
  readonly logLevel: Level
  readonly dryRun: boolean
  readonly models: ReadonlyMap<string, string>
  /** Where the tables' checkpoints are kept; null: the usual place. */
  readonly stateFolder: string | null
}

export type Command =
  | RunOptions
  | { readonly kind: 'explain'; readonly format: 'text' | 'json' | 'mermaid' }
  | { readonly kind: 'health' | 'status'; readonly port: number }
  | { readonly kind: 'version' | 'help' }
  | { readonly kind: 'usage'; readonly problem: string }

const levels: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** The executable's own arguments. */
export function parseCommandLine(words: readonly string[]): Command {
  const [first, ...rest] = words
  switch (first) {
    case 'explain':
      return parseExplain(rest)
    case 'health':
    case 'status':
      return parseLocal(first, rest)
    case '--version':
      return { kind: 'version' }
    case '--help':
    case '-h':
    case 'help':
      return { kind: 'help' }
    default:
      return parseRun(words)
  }
}

function parseExplain(words: readonly string[]): Command {
  const flags = readFlags(words, ['--format'])
  if (typeof flags === 'string') return usage(flags)
  const format = flags.get('--format')?.at(-1) ?? 'text'
  if (format !== 'text' && format !== 'json' && format !== 'mermaid') {
    return usage(`--format is text, json or mermaid, not "${format}"`)
  }
  return { kind: 'explain', format }
}

function parseLocal(kind: 'health' | 'status', words: readonly string[]): Command {
  const flags = readFlags(words, ['--port'])
  if (typeof flags === 'string') return usage(flags)
  const port = readPort(flags.get('--port')?.at(-1))
  if (typeof port === 'number') return { kind, port }
  return usage(port ?? `${kind} needs --port: the one that the pipeline was started with`)
}

const runFlags = ['--brokers', '--port', '--log-format', '--log-level', '--model', '--state-dir']

function parseRun(words: readonly string[]): Command {
  const dryRun = words.includes('--dry-run')
  const flags = readFlags(
    words.filter(word => word !== '--dry-run'),
    runFlags,
    ['--dry-run']
  )
  if (typeof flags === 'string') return usage(flags)
  const last = (flag: string): string | null => flags.get(flag)?.at(-1) ?? null
  const port = readPort(last('--port') ?? undefined)
  if (typeof port === 'string') return usage(port)
  const logFormat = last('--log-format') ?? 'json'
  if (logFormat !== 'json' && logFormat !== 'text') {
    return usage(`--log-format is json or text, not "${logFormat}"`)
  }
  const level = last('--log-level') ?? 'info'
  const logLevel = levels.find(known => known === level)
  if (logLevel === undefined) return usage(`--log-level is ${levels.join(', ')}, not "${level}"`)
  const models = readModels(flags.get('--model') ?? [])
  if (typeof models === 'string') return usage(models)
  const [brokers, stateFolder] = [last('--brokers'), last('--state-dir')]
  return { kind: 'run', brokers, port, logFormat, logLevel, dryRun, models, stateFolder }
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

/** Null: none was given; a text: what is wrong with it. */
function readPort(text: string | undefined): number | string | null {
  if (text === undefined) return null
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535)
    return `--port is a number from 0 to 65535, not "${text}"`
  return port
}

function usage(problem: string): Command {
  return { kind: 'usage', problem }
}

export function helpText(name: string): string {
  return `Usage: ${name} [options]            run the pipeline until SIGTERM or SIGINT
       ${name} explain [--format text|json|mermaid]
       ${name} health --port <p>    exit code 0 when a running pipeline is ready
       ${name} status --port <p>    what a running pipeline does
       ${name} --version

Options:
  --brokers <list>       instead of the script's, for all sources and sinks
  --port <p>             serve /api/v1/kafka/metrics, /health/live and /health/ready on 127.0.0.1; 0: any free port
  --model <name>=<path>  another ONNX file for a model, with the same inputs and outputs; may be repeated
  --state-dir <folder>   where copies of tables are kept for a quick restart (default: in XDG_STATE_HOME or ~/.local/state)
  --log-format json|text json is the default; text is for people
  --log-level <level>    debug, info (default), warn or error
  --dry-run              check brokers, topics and models, then end

Exit codes: 0 done, 1 a record stopped it, 2 usage, 3 environment, 4 a bug.
`
}
