import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { MODULES, NODE, ROOT, SetupError, hasCommand, runStep } from './shell.mjs'

/** True when node_modules holds the versions of the lock file, whoever put them there. */
export function isInstalled() {
  const installedLock = join(MODULES, '.package-lock.json')
  if (!existsSync(installedLock) || !existsSync(NODE)) return false
  const wanted = readPackages(join(ROOT, 'package-lock.json'))
  const installed = readPackages(installedLock)
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' || entry.optional === true || installed[path]?.version === entry.version
  )
}

/** No package runs a script here (.npmrc): ONNX Runtime's would download, librdkafka's is replaced by `buildAddon`. */
export async function installPackages() {
  if (!hasCommand('npm')) throw new SetupError('npm is missing; install it beside Node.')
  await runStep('install npm packages', 'npm', ['ci', '--ignore-scripts'], { cwd: ROOT })
  if (!existsSync(NODE)) {
    throw new SetupError(`there is no Node 24 package for ${process.platform} ${process.arch}`)
  }
}

/** npm links the programs of packages, but not those of the package it installs for. */
export function linkCompiler() {
  const link = join(MODULES, '.bin/miraclec')
  if (lstatSync(link, { throwIfNoEntry: false }) === undefined) {
    symlinkSync('../../compiler/miraclec', link)
  }
}

function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages
}
