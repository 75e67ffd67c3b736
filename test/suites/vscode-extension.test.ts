import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { root } from '../architecture/source-files.ts'

// The extension runs against a stand-in for the editor: its own modules exist only inside of it.

interface Started {
  readonly server: { readonly command: string; readonly args: readonly string[] }
  readonly client: { readonly documentSelector: readonly object[] }
  running: boolean
}
interface Editor {
  readonly settings: Record<string, string>
  readonly folders: readonly string[]
  readonly started: Started[]
}

const folder = mkdtempSync(join(tmpdir(), 'miraclec-vscode-'))
const extension = join(root, 'templates/vscode')
const editor: Editor = { settings: {}, folders: [folder], started: [] }

const standIns: Readonly<Record<string, string>> = {
  vscode: `
    const { editor } = globalThis
    exports.workspace = {
      getConfiguration: section => ({ get: key => editor.settings[section + '.' + key] }),
      workspaceFolders: editor.folders.map(fsPath => ({ uri: { fsPath } }))
    }
    exports.window = { showErrorMessage: text => { throw new Error(text) } }`,
  'vscode-languageclient/node': `
    exports.LanguageClient = class {
      constructor(id, name, server, client) {
        this.started = { server, client, running: false }
        globalThis.editor.started.push(this.started)
      }
      async start() { this.started.running = true }
      async stop() { this.started.running = false }
    }`
}

let hooks: { deregister(): void }
before(() => {
  Object.assign(globalThis, { editor })
  hooks = registerHooks({
    resolve: (specifier, context, next) =>
      Object.hasOwn(standIns, specifier)
        ? { url: `stand-in:${specifier}`, format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
    load: (url, context, next) =>
      url.startsWith('stand-in:')
        ? {
            source: standIns[url.slice('stand-in:'.length)]!,
            format: 'commonjs',
            shortCircuit: true
          }
        : next(url, context)
  })
})
after(() => {
  hooks.deregister()
  rmSync(folder, { recursive: true, force: true })
})

interface Extension {
  activate(): Promise<void>
  deactivate(): Promise<void>
}

async function start(settings: Readonly<Record<string, string>>): Promise<Started> {
  Object.assign(editor.settings, { 'miraclec.command': '', 'miraclec.files': '**/*.sql' }, settings)
  const load = createRequire(join(root, 'test/suites/'))
  const { activate } = load(join(extension, 'extension.js')) as Extension
  await activate()
  return editor.started.at(-1)!
}

test('it starts the miraclec of the PATH, of the workspace, or the one that is configured', async () => {
  assert.deepEqual((await start({})).server, { command: 'miraclec', args: ['lsp'] })
  const own = join(folder, 'node_modules/.bin/miraclec')
  mkdirSync(join(own, '..'), { recursive: true })
  writeFileSync(own, '#!/bin/sh\n')
  chmodSync(own, 0o755)
  assert.equal((await start({})).server.command, own)
  assert.equal(
    (await start({ 'miraclec.command': '/opt/miraclec' })).server.command,
    '/opt/miraclec'
  )
})

test('it serves the SQL files that the settings name, until it is stopped', async () => {
  const started = await start({ 'miraclec.files': 'pipelines/**/*.sql' })
  const [selector] = started.client.documentSelector
  assert.deepEqual(selector, { language: 'sql', pattern: 'pipelines/**/*.sql' })
  assert.equal(started.running, true)
  const load = createRequire(join(root, 'test/suites/'))
  await (load(join(extension, 'extension.js')) as Extension).deactivate()
  assert.equal(started.running, false)
})

test('what it starts answers as a language server', { timeout: 60_000 }, async () => {
  const { server } = await start({ 'miraclec.command': join(root, 'compiler/miraclec') })
  const child = spawn(server.command, server.args, { stdio: ['pipe', 'pipe', 'inherit'] })
  try {
    const params = { processId: null, rootUri: null, capabilities: {} }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n${body}`)
    let said = ''
    for await (const chunk of child.stdout) {
      said += String(chunk)
      if (said.includes('"id":1')) break
    }
    const answer = JSON.parse(said.slice(said.indexOf('{'))) as {
      result: { capabilities: Record<string, unknown> }
    }
    const { capabilities } = answer.result
    for (const name of ['hoverProvider', 'definitionProvider', 'completionProvider']) {
      assert.ok(capabilities[name], name)
    }
  } finally {
    child.kill()
  }
})

test('its manifest names files and settings that there are', () => {
  const read = (path: string): string => readFileSync(join(extension, path), 'utf8')
  const { main, contributes } = JSON.parse(read('package.json')) as {
    main: string
    contributes: {
      configuration: { properties: object }
      grammars: readonly { path: string; scopeName: string }[]
    }
  }
  const code = read(main)
  for (const name of Object.keys(contributes.configuration.properties)) {
    assert.match(code, new RegExp(`get\\('${name.replace('miraclec.', '')}'\\)`))
  }
  for (const { path, scopeName } of contributes.grammars) {
    const grammar = JSON.parse(read(path)) as { scopeName: string; patterns: { match: string }[] }
    assert.equal(grammar.scopeName, scopeName)
    // VS Code's engine takes (?i) where JavaScript takes a flag.
    for (const { match } of grammar.patterns) new RegExp(match.replace('(?i)', ''), 'i')
  }
})
