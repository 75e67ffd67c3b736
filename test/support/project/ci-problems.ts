import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { root } from '../../architecture/source-files.ts'

/** What GitHub's own parser of workflows says against one. */
export async function workflowProblems(content: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'miraclec-workflow-'))
  try {
    // The package imports its schemas in a way that only bundlers take.
    const outfile = join(folder, 'parser.cjs')
    await build({
      stdin: { contents: parser, resolveDir: root },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'silent'
    })
    const { problems } = (await import(pathToFileURL(outfile).href)) as {
      problems(content: string): Promise<string[]>
    }
    return await problems(content)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const parser = `
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser'
export async function problems(content) {
  const { context, value } = parseWorkflow({ name: 'workflow.yaml', content }, new NoOperationTraceWriter())
  if (value !== undefined) await convertWorkflowTemplate(context, value)
  return context.errors.getErrors().map(({ message }) => message)
}`

/** What gitlab-ci-local, which has GitLab's schema, says against a project's `.gitlab-ci.yml`; null: nothing. */
export function gitlabProblem(folder: string): string | null {
  // It looks for a repository.
  execFileSync('git', ['init', '--quiet', folder])
  const main = join(root, 'node_modules/gitlab-ci-local/dist/index.js')
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, '--list'], {
    cwd: folder,
    encoding: 'utf8'
  })
  return status === 0 && /^pipeline /m.test(stdout) ? null : stdout + stderr
}
