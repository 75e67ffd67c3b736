import type { Import } from './source-files.ts'

/**
 * Files that import each other, directly or by way of others, types included: each group as a list in the order of its names.
 * Strongly connected components: R. Tarjan, Depth-First Search and Linear Graph Algorithms, SIAM J. Comput. 1 (2), 1972.
 */
export function findCircles(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>()
  for (const { file, target } of imports) targets.set(file, [...(targets.get(file) ?? []), target])
  const numbers = new Map<string, number>()
  const open: string[] = []
  const circles: string[][] = []

  /** The lowest number of an open file that `file` leads to. */
  function visit(file: string): number {
    const number = numbers.size
    numbers.set(file, number)
    open.push(file)
    let lowest = number
    for (const target of targets.get(file) ?? []) {
      if (!numbers.has(target)) lowest = Math.min(lowest, visit(target))
      else if (open.includes(target)) lowest = Math.min(lowest, numbers.get(target)!)
    }
    if (lowest === number) {
      const group = open.splice(open.indexOf(file))
      if (group.length > 1) circles.push(group.sort())
    }
    return lowest
  }

  for (const file of targets.keys()) if (!numbers.has(file)) visit(file)
  return circles
}
