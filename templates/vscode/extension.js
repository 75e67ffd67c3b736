// Starts `miraclec lsp` for SQL files. Plain JavaScript, so that there is nothing to build.
const { existsSync } = require('node:fs')
const { join } = require('node:path')
const { window, workspace } = require('vscode')
const { LanguageClient } = require('vscode-languageclient/node')

let client

exports.activate = async function activate() {
  const settings = workspace.getConfiguration('miraclec')
  client = new LanguageClient(
    'miraclec',
    'miraclec',
    { command: findCommand(settings.get('command')), args: ['lsp'] },
    { documentSelector: [{ language: 'sql', pattern: settings.get('files') }] }
  )
  try {
    await client.start()
  } catch (error) {
    window.showErrorMessage(
      `miraclec did not start: ${error.message}. Set miraclec.command to where it is installed.`
    )
  }
}

exports.deactivate = function deactivate() {
  return client?.stop()
}

/** What the settings say, else the workspace's own, else the one of the PATH. */
function findCommand(configured) {
  if (configured) return configured
  const folders = workspace.workspaceFolders ?? []
  const own = folders.map(({ uri }) => join(uri.fsPath, 'node_modules/.bin/miraclec'))
  return own.find(path => existsSync(path)) ?? 'miraclec'
}
