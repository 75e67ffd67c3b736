/** Longer ones leave Kubernetes no room for what it adds to the names of pods. */
const LONGEST = 50
const NAME = /^[a-z](-?[a-z0-9])*$/

/**
 * What is wrong with a project's name; null: nothing. It becomes the name of files, topics, an image, a systemd unit and Kubernetes'
 * resources, and stands in shell commands and YAML as it is: what all of them take needs no quoting in any of them.
 */
export function nameProblem(name: string): string | null {
  if (NAME.test(name) && name.length <= LONGEST) return null
  return `a pipeline's name has lower-case letters, digits and single dashes between them, begins with a letter and is no longer than ${LONGEST}, not ${JSON.stringify(name)}`
}
