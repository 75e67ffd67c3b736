import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  writeFileSync
} from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { dirname, join } from 'node:path'
import { MENDS } from './librdkafka.mjs'
import { MODULES, NODE, ROOT, SetupError, runStep } from './shell.mjs'

const PACKAGE = '@confluentinc/kafka-javascript'
const FILES = [
  'Release/confluent-kafka-javascript.node',
  'deps/librdkafka.so.1',
  'deps/librdkafka++.so.1'
]

/** What we add to the addon. */
const ADDITIONS = ['batches.h', 'letters.h', 'checksum.h', 'membership.h', 'memory.h']
/** A copy of each beside the build says with what it was built. */
const INGREDIENTS = [...ADDITIONS, 'librdkafka.mjs']

export function isAddonBuilt() {
  return hasFiles() && INGREDIENTS.every(isBuiltWith)
}

function isBuiltWith(ingredient) {
  const copy = copyOf(ingredient)
  return existsSync(copy) && readFileSync(copy).equals(readFileSync(sourceOf(ingredient)))
}

function sourceOf(ingredient) {
  return join(ROOT, '.ci/setup', ingredient)
}

function copyOf(ingredient) {
  return join(MODULES, PACKAGE, 'build', ingredient)
}

function hasFiles() {
  return FILES.every(file => existsSync(join(MODULES, PACKAGE, 'build', file)))
}

/** Where the addition is named in the sources of the package. */
const insertions = [
  ['src/binding.cc', '#include "src/binding.h"\n', '#include "src/checksum.h"\n'],
  ['src/binding.cc', '#include "src/checksum.h"\n', '#include "src/memory.h"\n'],
  ['src/binding.cc', '  ConstantsInit(exports);\n', '  NodeKafka::Checksum::Init(exports);\n'],
  ['src/binding.cc', '  ConstantsInit(exports);\n', '  NodeKafka::Memory::Init(exports);\n'],
  ['src/producer.cc', '#include "src/workers.h"\n', '#include "src/batches.h"\n'],
  ['src/producer.cc', '#include "src/batches.h"\n', '#include "src/letters.h"\n'],
  [
    'src/producer.cc',
    '  Nan::SetPrototypeMethod(tpl, "produce", NodeProduce);\n',
    '  Nan::SetPrototypeMethod(tpl, "produceBatch", Batches::ProduceBatch);\n'
  ],
  [
    'src/producer.cc',
    '  Nan::SetPrototypeMethod(tpl, "produce", NodeProduce);\n',
    '  Nan::SetPrototypeMethod(tpl, "produceLetters", Letters::ProduceLetters);\n'
  ],
  ['src/kafka-consumer.cc', '#include "src/workers.h"\n', '#include "src/batches.h"\n'],
  [
    'src/kafka-consumer.cc',
    '  Nan::SetPrototypeMethod(tpl, "consume", NodeConsume);\n',
    '  Nan::SetPrototypeMethod(tpl, "consumeBatch", Batches::ConsumeBatch);\n'
  ],
  ['src/kafka-consumer.cc', '#include "src/batches.h"\n', '#include "src/membership.h"\n'],
  [
    'src/kafka-consumer.cc',
    '  Nan::SetPrototypeMethod(tpl, "consume", NodeConsume);\n',
    '  Nan::SetPrototypeMethod(tpl, "membership", Membership::Of);\n'
  ],
  ['src/callbacks.cc', '#include "src/kafka-consumer.h"\n', '#include "src/batches.h"\n'],
  ['src/callbacks.h', '  size_t len;\n  void* payload;\n', '  std::string headers;\n'],
  [
    'src/callbacks.cc',
    '  len = message.len();\n',
    '  headers = NodeKafka::Batches::PackHeaders(&message);\n'
  ],
  [
    'src/callbacks.cc',
    '            Nan::New<v8::Number>(event.len));\n',
    '    NodeKafka::Batches::SetHeaders(jsobj, event.headers);\n'
  ],
  [
    'src/connection.h',
    '  std::string Name() const;\n',
    '  RdKafka::Handle* client() { return m_client; }\n' +
      '  uv_rwlock_t& connection_lock() { return m_connection_lock; }\n'
  ]
]

/** Adds our methods to the sources, and mends those of librdkafka: always to the files as npm has them. */
export function extendAddon() {
  const root = join(MODULES, PACKAGE)
  for (const addition of ADDITIONS) copyFileSync(sourceOf(addition), join(root, 'src', addition))
  const edits = [
    ...insertions.map(([file, before, addition]) => ({ file, before, after: before + addition })),
    ...MENDS.map(edit => ({ ...edit, file: join('deps/librdkafka/src', edit.file) }))
  ]
  for (const file of new Set(edits.map(edit => edit.file)))
    editFile(
      join(root, file),
      edits.filter(edit => edit.file === file)
    )
}

function editFile(path, edits) {
  const source = edits.reduce(
    (text, { before, after }) => {
      if (!text.includes(before))
        throw new SetupError(`${path} is not what we make of it fits into`)
      return text.replace(before, () => after)
    },
    readOriginal(path, edits)
  )
  if (readFileSync(path, 'utf8') === source) return
  // A new file: npm may share the old one with its cache or with other folders.
  writeFileSync(`${path}.new`, source)
  renameSync(`${path}.new`, path)
}

/** The file as npm has it, of which a copy stays beside it: an earlier version of this set-up may have made something else of it. */
function readOriginal(path, edits) {
  const copy = `${path}.npm`
  if (!existsSync(copy)) {
    const source = readFileSync(path, 'utf8')
    if (edits.some(({ before, after }) => after.startsWith(before) && source.includes(after)))
      throw new SetupError(
        `${path} was changed by an earlier set-up: remove node_modules, and run it again`
      )
    writeFileSync(copy, source)
  }
  return readFileSync(copy, 'utf8')
}

/**
 * Builds librdkafka and its addon from the sources in the npm package, against the headers in Node 24's npm package.
 * No JOBS: the addon's own rules only work one after the other. CKJS_LINKING=dynamic takes zstd,
 * OpenSSL and zlib from the system; the default would download them.
 */
export async function buildAddon() {
  extendAddon()
  const nodeFolder = join(dirname(realpathSync(NODE)), '..')
  const cores = String(availableParallelism ? availableParallelism() : cpus().length)
  const env = {
    ...process.env,
    CKJS_LINKING: 'dynamic',
    npm_config_nodedir: nodeFolder,
    MIRACLEC_CORES: cores,
    MAKEFILES: join(ROOT, '.ci/setup/librdkafka.mk')
  }
  // `npm explore` runs in the package's folder and tells node-pre-gyp where npm keeps its node-gyp.
  const build = [NODE, join(MODULES, '.bin/node-pre-gyp'), 'install', '--build-from-source']
  const command = ['explore', PACKAGE, '--', ...build.map(quote)]
  await runStep('build librdkafka (about 80 s)', 'npm', command, { cwd: ROOT, env })
  checkAddon()
  for (const name of INGREDIENTS) copyFileSync(sourceOf(name), copyOf(name))
}

function checkAddon() {
  const load = `require('${PACKAGE}/lib/rdkafka.js')`
  const { status, stderr } = spawnSync(NODE, ['-e', load], { cwd: ROOT, encoding: 'utf8' })
  if (!hasFiles() || status !== 0)
    throw new SetupError(`librdkafka was built but does not load:\n${stderr}`)
}

/** `npm explore` joins its arguments to a shell command. */
function quote(argument) {
  return `'${argument.replaceAll("'", `'\\''`)}'`
}
