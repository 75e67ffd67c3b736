import { lstatSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ProjectFiles } from './project-files.ts'

/** The files of a project that are there already: nobody's work is written over. */
export function filesInTheWay(folder: string, files: ProjectFiles): readonly string[] {
  return [...files.keys()].filter(
    path => lstatSync(join(folder, path), { throwIfNoEntry: false }) !== undefined
  )
}

/** Throws what the system says where a file can't be written, or has come into being meanwhile. */
export function writeProject(folder: string, files: ProjectFiles): void {
  for (const [path, bytes] of files) {
    const place = join(folder, path)
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, bytes, { flag: 'wx' })
  }
}
