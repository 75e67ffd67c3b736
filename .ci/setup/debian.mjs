import { spawnSync } from 'node:child_process'
import { SetupError, hasCommand, runStep } from './shell.mjs'

const TOOLS = { 'g++': 'g++', make: 'make', python3: 'python3' }
const HEADERS = { 'zstd.h': 'libzstd-dev', 'openssl/ssl.h': 'libssl-dev', 'zlib.h': 'zlib1g-dev' }

/** Installs what building librdkafka needs and the machine lacks. */
export async function installDebianPackages() {
  const missing = missingPackages()
  if (missing.length === 0) return
  const byHand = `apt-get install ${missing.join(' ')}`
  if (!hasCommand('apt-get')) {
    throw new SetupError(
      `building librdkafka needs these Debian packages, or their like: ${missing.join(' ')}`
    )
  }
  const root = process.getuid() === 0
  if (!root && !hasCommand('sudo'))
    throw new SetupError(`run this as root, then try again: ${byHand}`)
  // Without a terminal nobody can type a password.
  const prefix = root ? [] : process.stdin.isTTY ? ['sudo'] : ['sudo', '-n']
  if (!root) authorise(prefix, byHand)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = [...prefix, 'apt-get']
  await runStep('update package lists', apt[0], [...apt.slice(1), 'update'], { env })
  const install = [...apt.slice(1), 'install', '-y', '--no-install-recommends', ...missing]
  await runStep(`install ${missing.join(' ')}`, apt[0], install, { env })
  const still = missingPackages()
  if (still.length > 0) throw new SetupError(`still missing after installation: ${still.join(' ')}`)
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
