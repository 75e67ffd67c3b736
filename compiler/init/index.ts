export { nameProblem } from './project-name.ts'
export { projectFiles } from './project-files.ts'
export { templateNames, templates, type TemplateName } from './templates.ts'
export { filesInTheWay, writeProject } from './write-project.ts'
