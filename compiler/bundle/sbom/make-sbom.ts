import { createHash } from 'node:crypto'
import type { BundleInput } from '../bundle-input.ts'
import type { AddonName } from '../native-parts.ts'
import { packageRoot } from '../package-root.ts'
import { type BundledPackage, refOf } from './bundled-packages.ts'
import { type Component, fileComponent, licencesOf, sha256 } from './component.ts'
import { type LockedHashes, readLockedHashes } from './locked-hashes.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { nativePackage, nodeComponent, type NativePackage } from './native-components.ts'

export interface SbomParts {
  /** Those of which code is in the pipeline's bundles. */
  readonly packages: readonly BundledPackage[]
  readonly addons: readonly AddonName[]
  /** Whether Node goes along. */
  readonly hasNode: boolean
}

/**
 * The bill of materials of a pipeline, as CycloneDX 1.6 in JSON. It says nothing of when, where or by whom it was made: the same
 * script and compiler give the same bytes.
 */
export async function makeSbom(input: BundleInput, parts: SbomParts): Promise<string> {
  const [own, hashes] = await Promise.all([readManifest(packageRoot), readLockedHashes()])
  const natives = await Promise.all(parts.addons.map(nativePackage))
  const packages = mergePackages(parts.packages, natives)
  const miraclec = ownComponent(own)
  const root: Component = {
    type: 'application',
    'bom-ref': 'pipeline',
    name: input.name,
    version: input.version
  }
  const components = [
    fileComponent(input.script.name, input.script.sha256),
    ...input.models.map(modelComponent),
    miraclec,
    ...(parts.hasNode ? [nodeComponent()] : []),
    ...packages.map(one => npmComponent(one, natives, hashes))
  ]
  const content = {
    metadata: {
      lifecycles: [{ phase: 'build' }],
      tools: { components: [{ type: 'application', name: own.name, version: own.version }] },
      component: root
    },
    components,
    dependencies: [
      { ref: root['bom-ref'], dependsOn: components.map(one => one['bom-ref']) },
      ...packages.map(one => ({ ref: refOf(one), dependsOn: one.imports }))
    ]
  }
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: serialOf(content),
    version: 1,
    ...content
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

/** A UUID of the eighth version, whose bits are ours to choose: a hash of what it names. RFC 9562, 5.8. */
function serialOf(content: object): string {
  const hash = createHash('sha256').update(JSON.stringify(content)).digest()
  hash[6] = (hash[6]! & 0x0f) | 0x80
  hash[8] = (hash[8]! & 0x3f) | 0x80
  const groups = [0, 4, 6, 8, 10, 16].map((start, i, all) =>
    hash.toString('hex', start, all[i + 1])
  )
  return `urn:uuid:${groups.slice(0, 5).join('-')}`
}

/** Each once, in the order of their names: those of which several bundles have code, and those that bring addons. */
function mergePackages(
  bundled: readonly BundledPackage[],
  natives: readonly NativePackage[]
): readonly BundledPackage[] {
  const merged = new Map<string, BundledPackage>()
  const addons = natives.map(({ manifest: { name, version, license = null } }) => {
    return { name, version, licence: license, imports: [] }
  })
  for (const one of [...addons, ...bundled]) {
    const imports = new Set([...(merged.get(refOf(one))?.imports ?? []), ...one.imports])
    merged.set(refOf(one), { ...one, imports: [...imports].sort() })
  }
  return [...merged.values()].sort((a, b) => (refOf(a) < refOf(b) ? -1 : 1))
}

function npmComponent(
  one: BundledPackage,
  natives: readonly NativePackage[],
  hashes: LockedHashes
): Component {
  const { name, version, licence } = one
  const [, group, base] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name)!
  const native = natives.find(({ manifest }) => refOf(manifest) === refOf(one))
  return {
    type: 'library',
    'bom-ref': refOf(one),
    ...(group === undefined ? {} : { group }),
    name: base!,
    version,
    ...hashes(name, version),
    ...licencesOf(licence),
    purl: `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`,
    ...(native === undefined ? {} : { components: native.components })
  }
}

/** Its name at npm may be somebody else's. */
function ownComponent({ name, version, license }: Manifest): Component {
  return {
    type: 'library',
    'bom-ref': `${name}@${version}`,
    name,
    version,
    ...licencesOf(license ?? null),
    purl: `pkg:generic/${name}@${version}`
  }
}

function modelComponent({ name, sha256: hash }: BundleInput['models'][number]): Component {
  return {
    type: 'machine-learning-model',
    // Two models may be one file.
    'bom-ref': `model:${name}`,
    name,
    ...sha256(hash)
  }
}
