import { type AddonName, packageFolder, prepareNative } from '../native-parts.ts'
import { type Component, fileComponent, licencesOf } from './component.ts'
import { type Manifest, readManifest } from './manifest.ts'

/** The package that an addon comes from, with what no bundle shows: its files, and the library that is built into them. */
export interface NativePackage {
  readonly manifest: Manifest
  readonly components: readonly Component[]
}

const libraries: Readonly<Record<AddonName, (manifest: Manifest) => readonly Component[]>> = {
  kafka: ({ librdkafka }) => [library('confluentinc/librdkafka', librdkafka!, 'BSD-2-Clause')],
  onnx: ({ version }) => [library('microsoft/onnxruntime', version, 'MIT')],
  lmdb: () => []
}

export async function nativePackage(addon: AddonName): Promise<NativePackage> {
  const manifest = await readManifest(packageFolder(addon))
  const { files } = await prepareNative(addon)
  return {
    manifest,
    components: [
      ...libraries[addon](manifest),
      ...files.map(({ name, sha256 }) => fileComponent(`native/${addon}/${name}`, sha256))
    ]
  }
}

/** Of a repository on GitHub that calls its releases by `v` and their version. */
function library(repository: string, version: string, licence: string): Component {
  const name = repository.split('/')[1]!
  return {
    type: 'library',
    'bom-ref': `${name}@${version}`,
    name,
    version,
    ...licencesOf(licence),
    purl: `pkg:github/${repository}@v${version}`
  }
}

/** What `process.versions` names that is no part of Node but a number of an interface or of a standard. */
const NO_PARTS = ['node', 'modules', 'napi', 'cldr', 'tz', 'unicode']

/** The Node that runs the compiler: executables begin with a copy of it. */
export function nodeComponent(): Component {
  const { node, ...others } = process.versions
  const parts = Object.entries(others).flatMap(([name, version]): Component[] => {
    if (NO_PARTS.includes(name) || version === undefined) return []
    const ref = `node/${name}@${version}`
    const purl = `pkg:generic/${name}@${encodeURIComponent(version)}`
    return [{ type: 'library', 'bom-ref': ref, name, version, purl }]
  })
  return {
    type: 'platform',
    'bom-ref': `node@${node}`,
    name: 'node',
    version: node,
    ...licencesOf('MIT'),
    cpe: `cpe:2.3:a:nodejs:node.js:${node}:*:*:*:-:*:*:*`,
    purl: `pkg:generic/node@${node}`,
    components: parts
  }
}
