import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Compiled, compileScript } from '../../compiler/compile.ts'
import type { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts'
import { renderDiagnostics } from '../../compiler/diagnostics/render/index.ts'
import { decodeScript } from '../../compiler/parse/index.ts'
import type { SchemaRequest, Session, SubjectSchema } from '../../compiler/session.ts'
import { version } from '../../compiler/version.ts'
import type { Fixture, FixtureModel } from './fixtures.ts'
import { encodeIdentityModel, encodeLogisticModel, encodeLookupModel } from './onnx.ts'

/** A script and the models that it names, ready to compile; the folder is gone when the test is over. */
export interface ScriptFolder {
  readonly directory: string
  session(optimize: boolean, looks?: boolean): Session
  [Symbol.dispose](): void
}

export function openScriptFolder(
  script: Uint8Array,
  models: Readonly<Record<string, FixtureModel>> = {},
  name = 'script.sql',
  { schemas = {}, subjects = {} }: Pick<Fixture['options'], 'schemas' | 'subjects'> = {}
): ScriptFolder {
  const directory = mkdtempSync(join(tmpdir(), 'miraclec-test-'))
  writeModels(directory, models)
  if (schemas['file'] !== undefined) {
    const schema = schemas['file']
    if (typeof schema === 'string') writeFileSync(join(directory, 'file.proto'), schema)
    else writeFileSync(join(directory, 'file.avsc'), JSON.stringify(schema))
  }
  const latest = ({ subject }: SchemaRequest): SubjectSchema | string => {
    const id = subjects[subject]
    if (id === undefined) return 'not found'
    const schema = schemas[id]
    return typeof schema === 'string'
      ? { type: 'PROTOBUF', text: schema, references: [] }
      : { type: 'AVRO', text: JSON.stringify(schema), references: [] }
  }
  return {
    directory,
    session(optimize, looks = false) {
      const diagnostics: Diagnostic[] = []
      const file = decodeScript(name, script, diagnostics)
      return { file, options: { optimize, looks, directory, schemas: latest }, diagnostics }
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true })
  }
}

export function writeModels(
  directory: string,
  models: Readonly<Record<string, FixtureModel>>
): void {
  for (const [file, model] of Object.entries(models)) {
    writeFileSync(join(directory, file), encodeFixtureModel(model))
  }
}

/** Compiles a script that has to compile; what else was said of it is for the caller to judge. */
export function compileFixture(
  folder: ScriptFolder,
  optimize: boolean,
  looks = false
): { readonly compiled: Compiled; readonly diagnostics: readonly Diagnostic[] } {
  const session = folder.session(optimize, looks)
  const compiled = compileScript(session)
  const { diagnostics } = session
  assert.ok(compiled !== null, renderDiagnostics(diagnostics, 'text', version))
  return { compiled, diagnostics }
}

function encodeFixtureModel(model: FixtureModel): Uint8Array {
  switch (model.kind) {
    case 'logistic':
      return encodeLogisticModel(model.weights, model.bias)
    case 'lookup':
      return encodeLookupModel(model.table)
    case 'identity':
      return encodeIdentityModel(model.elementType, model.width)
    case 'text':
      return new TextEncoder().encode(model.text)
  }
}
