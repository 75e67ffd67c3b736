import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { packageRoot } from '../bundle/package-root.ts'
import { formatScript } from '../format/index.ts'
import { makeSourceFile } from '../source/index.ts'
import { type TemplateName, templates } from './templates.ts'

/** Contents by path, in the order of the paths. */
export type ProjectFiles = ReadonlyMap<string, Uint8Array>

/** What a template's files say where it is the project's. The first is a name that any pipeline could have: they are valid as they are. */
const NAME = 'my-pipeline'
const TOPICS = `${NAME}-topics`
const LOCATION = 'miraclec-location'

/** Files that npm would not pack, or take for its own, begin with this instead of a dot. */
const DOT = 'dot-'
/** Copied as they are. */
const BINARY = /\.onnx$/

/** The files of a project that is to be in `folder`. */
export function projectFiles(template: TemplateName, name: string, folder: string): ProjectFiles {
  const { layers, topics } = templates[template]
  const words: readonly (readonly [string, string])[] = [
    [TOPICS, topics.map(topic => `${name}-${topic}`).join(' ')],
    [NAME, name],
    [LOCATION, JSON.stringify(locationFrom(folder)).slice(1, -1)]
  ]
  const files = new Map<string, Uint8Array>()
  for (const layer of layers) {
    const root = join(packageRoot, 'templates/init', layer)
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = join(entry.parentPath, entry.name)
      const bytes = readFileSync(path)
      const place = placeOf(relative(root, path), name)
      files.set(place, BINARY.test(path) ? bytes : Buffer.from(fill(place, bytes, words)))
    }
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** All words in one pass: what one is replaced with is not looked at again. */
function fill(place: string, bytes: Buffer, words: readonly (readonly [string, string])[]): string {
  const known = new Map(words)
  // The longest first: one begins with another.
  const slots = new RegExp([...known.keys()].join('|'), 'g')
  const text = bytes.toString('utf8').replace(slots, word => known.get(word)!)
  return place.endsWith('.sql') ? formatted(place, text) : text
}

/** How lines break depends on how long the name is. */
function formatted(place: string, text: string): string {
  const result = formatScript(makeSourceFile(place, text))
  if (result.kind === 'Wrong') throw new Error(`the template of ${place} has syntax errors`)
  return result.text
}

function placeOf(path: string, name: string): string {
  return path
    .split(sep)
    .map(part => (part.startsWith(DOT) ? `.${part.slice(DOT.length)}` : part))
    .map(part => part.replace(NAME, name))
    .join('/')
}

/** Miraclec is in no registry yet: npm links to the folder that it is in. */
function locationFrom(folder: string): string {
  const path = relative(folder, packageRoot).split(sep).join('/')
  return `file:${path === '' ? '.' : path}`
}
