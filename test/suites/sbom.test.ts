import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { loadKafkaNative } from '../../runtime/native/index.ts'
import { root } from '../architecture/source-files.ts'
import { makeCommandFolder } from '../support/command-folder.ts'

interface Part {
  readonly type: string
  readonly group?: string
  readonly name: string
  readonly version?: string
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[]
  readonly purl?: string
  readonly components?: readonly Part[]
}
interface Sbom {
  readonly serialNumber: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly components: readonly Part[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

/** Without a model, and with state on the disk. */
const counting = `CREATE SOURCE s FROM KAFKA (topic = 'in') SCHEMA (k TEXT);
CREATE SINK counts TO KAFKA (topic = 'out');
SET state = 'lmdb';
INSERT INTO counts SELECT k, COUNT(*) AS n FROM s GROUP BY k;
`
const COMPILE_TIMEOUT = 60_000

describe('sbom', () => {
  const folder = makeCommandFolder()
  const pipelines: Record<string, { readonly text: string; readonly sbom: Sbom }> = {}

  const compile = (name: string, script: string): void => {
    const words = ['compile', script, '-o', name]
    const { status, stderr } = folder.miraclec(words, COMPILE_TIMEOUT)
    assert.equal(status, 0, stderr)
    const executable = join(folder.path, name, name)
    const text = execFileSync(executable, ['sbom'], { encoding: 'utf8' })
    pipelines[name] = { text, sbom: JSON.parse(text) as Sbom }
  }

  before(() => {
    cpSync(join(root, 'examples/fraud'), join(folder.path, 'example'), { recursive: true })
    compile('fraud', 'example/fraud.sql')
    compile('counting', folder.write('counting.sql', counting))
  })
  after(() => folder.remove())

  for (const name of ['fraud', 'counting']) {
    test(`${name}: is valid CycloneDX 1.6`, async () => {
      const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6)
      assert.equal(await validator.validate(pipelines[name]!.text), null)
    })

    test(`${name}: has every package that the bundle's source map names`, () => {
      const map = readFileSync(join(folder.path, name, 'pipeline.mjs.map'), 'utf8')
      const { sources } = JSON.parse(map) as { readonly sources: readonly string[] }
      const named = sources.flatMap(path =>
        [...path.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)\//g)].slice(-1)
      )
      const wanted = new Set(named.map(([, found]) => found!))
      assert.ok(wanted.has('@confluentinc/kafka-javascript'), [...wanted].join())
      const listed = partsOf(name).map(fullName)
      assert.deepEqual(
        [...wanted].filter(one => !listed.includes(one)),
        []
      )
    })

    test(`${name}: depends on what is listed, each once`, () => {
      const { sbom } = pipelines[name]!
      const refs = sbom.dependencies.map(({ ref }) => ref)
      assert.equal(new Set(refs).size, refs.length)
      assert.equal(sbom.dependencies[0]!.dependsOn.length, sbom.components.length)
    })
  }

  test('has what is loaded later, too: the compiler of statements and what is for people who watch', () => {
    const listed = partsOf('fraud').map(fullName)
    for (const name of ['antlr4ng', 'apache-arrow', 'flatbuffers', 'prom-client', 'tdigest'])
      assert.ok(listed.includes(name), `${name} is missing in ${listed.join()}`)
    // What compiles is not in what was compiled.
    for (const name of ['esbuild', 'typescript', 'postject', 'lmdb'])
      assert.ok(!listed.includes(name), `${name} is not in it`)
  })

  test('has versions and hashes of packages as the lock has them', () => {
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { readonly version: string; readonly integrity: string }>
    }
    for (const name of ['antlr4ng', '@confluentinc/kafka-javascript', 'onnxruntime-node']) {
      const part = partOf('fraud', name)
      const { version, integrity } = lock.packages[`node_modules/${name}`]!
      assert.equal(part.version, version)
      const [, base64] = integrity.split('-')
      const content = Buffer.from(base64!, 'base64').toString('hex')
      assert.deepEqual(part.hashes, [{ alg: 'SHA-512', content }])
      assert.equal(part.purl, `pkg:npm/${name.replace('@', '%40')}@${version}`)
    }
  })

  test('has the native parts that go along, and no others', async () => {
    const { librdkafkaVersion } = (await loadKafkaNative()) as unknown as Record<string, string>
    assert.equal(partOf('fraud', 'librdkafka').version, librdkafkaVersion)
    assert.equal(partOf('fraud', 'node').version, process.versions.node)
    assert.equal(partOf('fraud', 'openssl').version, process.versions.openssl)
    const addons = (name: string): string[] =>
      partsOf(name).flatMap(part => (part.name.startsWith('native/') ? [part.name] : []))
    const kafka = [
      'native/kafka/Release/confluent-kafka-javascript.node',
      'native/kafka/deps/librdkafka++.so.1',
      'native/kafka/deps/librdkafka.so.1'
    ]
    const onnx = ['native/onnx/libonnxruntime.so.1', 'native/onnx/onnxruntime_binding.node']
    assert.deepEqual(addons('fraud').sort(), [...kafka, ...onnx])
    assert.deepEqual(addons('counting').sort(), [...kafka, 'native/lmdb/node.napi.glibc.node'])
    assert.ok(
      partOf('fraud', 'onnxruntime').version === partOf('fraud', 'onnxruntime-node').version
    )
  })

  test('has the script and the model by their hashes, as sha256sum gives them', () => {
    const hashOf = (path: string): string =>
      createHash('sha256')
        .update(readFileSync(join(folder.path, path)))
        .digest('hex')
    const script = partOf('fraud', 'fraud.sql')
    assert.equal(script.hashes![0]!.content, hashOf('example/fraud.sql'))
    const model = partOf('fraud', 'fraud_detector')
    assert.equal(model.type, 'machine-learning-model')
    assert.equal(model.hashes![0]!.content, hashOf('example/fraud_model.onnx'))
  })

  test('says not when it was made; its serial number is of what it says', () => {
    const [fraud, count] = [pipelines['fraud']!, pipelines['counting']!]
    assert.ok(!('timestamp' in fraud.sbom.metadata))
    assert.notEqual(fraud.sbom.serialNumber, count.sbom.serialNumber)
    const beside = readFileSync(join(folder.path, 'fraud/sbom.cdx.json'), 'utf8')
    assert.equal(beside, fraud.text)
  })

  test('takes no arguments', () => {
    const path = join(folder.path, 'fraud/fraud')
    const { status, stderr } = spawnSync(path, ['sbom', '--xml'], { encoding: 'utf8' })
    assert.equal(status, 2)
    assert.match(stderr, /sbom takes no "--xml"/)
  })

  /** Those inside of others too. */
  function partsOf(name: string): readonly Part[] {
    const all = (parts: readonly Part[]): Part[] =>
      parts.flatMap(part => [part, ...all(part.components ?? [])])
    return all(pipelines[name]!.sbom.components)
  }

  function partOf(name: string, part: string): Part {
    const found = partsOf(name).filter(one => fullName(one) === part)
    assert.equal(found.length, 1, `${part} in ${name}`)
    return found[0]!
  }
})

function fullName({ group, name }: Part): string {
  return group === undefined ? name : `${group}/${name}`
}
