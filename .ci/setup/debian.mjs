import { spawnSync } from 'node:child_process'
import { reportSkipped } from './report-skipped.mjs'
import { SetupError, hasCommand, runStep } from './shell.mjs'

const TOOLS = { 'g++': 'g++', make: 'make', python3: 'python3' }
const HEADERS = { 'zstd.h': 'libzstd-dev', 'openssl/ssl.h': 'libssl-dev', 'zlib.h': 'zlib1g-dev' }

/** What tests run beside the pipeline: the command, its package, and which tests can't run without it. */
const TEST_TOOLS = [
  { command: 'systemd-analyze', name: 'systemd', tests: 'of the systemd unit' },
  { command: 'psql', name: 'postgresql-client', tests: 'with psql' },
  { command: 'chromium-headless-shell', name: 'chromium-headless-shell', tests: 'in a browser' }
]

/** Installs what building librdkafka needs and the machine lacks. */
export async function installDebianPackages() {
  const missing = missingPackages()
  if (missing.length === 0) return
  if (!hasCommand('apt-get')) {
    throw new SetupError(
      `building librdkafka needs these Debian packages, or their like: ${missing.join(' ')}`
    )
  }
  const install = await openApt(missing)
  await install(missing)
  const still = missingPackages()
  if (still.length > 0) throw new SetupError(`still missing after installation: ${still.join(' ')}`)
}

/** Installs what tests run beside the pipeline. Where that can't be, those tests are skipped, and loudly so. */
export async function installTestPackages() {
  const missing = TEST_TOOLS.filter(({ command }) => !hasCommand(command))
  if (missing.length === 0) return
  const reasons = await tryInstall(missing.map(({ name }) => name))
  for (const { command, name, tests } of missing) {
    if (hasCommand(command)) continue
    const because = reasons.get(name) ?? 'its package is there, but not the command'
    reportSkipped(
      tests,
      `${command} is missing (${because})`,
      `install it: apt-get install ${name}`
    )
  }
}

/** Why, for each that could not be installed. One at a time: where one is not to be had, the others still are. */
async function tryInstall(names) {
  const reasons = new Map()
  const attempt = async (failing, work) => {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof SetupError)) throw error
      for (const name of failing) reasons.set(name, error.message.split('\n')[0])
      return null
    }
  }
  if (!hasCommand('apt-get')) return new Map(names.map(name => [name, 'there is no apt-get']))
  const install = await attempt(names, () => openApt(names))
  if (install === null) return reasons
  for (const name of names) await attempt([name], () => install([name]))
  return reasons
}

/** The function that installs packages: root's rights are asked for, and the lists of packages fetched. */
async function openApt(names) {
  const byHand = `apt-get install ${names.join(' ')}`
  const root = process.getuid() === 0
  if (!root && !hasCommand('sudo'))
    throw new SetupError(`run this as root, then try again: ${byHand}`)
  // Without a terminal nobody can type a password.
  const prefix = root ? [] : process.stdin.isTTY ? ['sudo'] : ['sudo', '-n']
  if (!root) authorise(prefix, byHand)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const [command, ...args] = [...prefix, 'apt-get']
  await runStep('update package lists', command, [...args, 'update'], { env })
  return packages => {
    const install = [...args, 'install', '-y', '--no-install-recommends', ...packages]
    return runStep(`install ${packages.join(' ')}`, command, install, { env })
  }
}

function missingPackages() {
  const tools = Object.keys(TOOLS)
    .filter(tool => !hasCommand(tool))
    .map(tool => TOOLS[tool])
  const headers = Object.keys(HEADERS).filter(header => !hasHeader(header))
  return [...tools, ...headers.map(header => HEADERS[header])]
}

/** Asks the compiler, which knows its own search path; without one, everything has to be installed. */
function hasHeader(header) {
  const compiler = hasCommand('g++') ? 'g++' : 'cc'
  const input = `#include <${header}>\n`
  return (
    spawnSync(compiler, ['-E', '-x', 'c', '-'], { input, stdio: ['pipe', 'ignore', 'ignore'] })
      .status === 0
  )
}

/** Lets sudo ask its question before the progress line hides it. */
function authorise(prefix, byHand) {
  const [command, ...args] = prefix
  if (spawnSync(command, [...args, '-v'], { stdio: 'inherit' }).status !== 0) {
    throw new SetupError(`run this as root, then try again: ${byHand}`)
  }
}
