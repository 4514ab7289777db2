export { CreateError } from './create-error.ts'
export { writeProject, type Project } from './project.ts'
export { TEMPLATES, type TemplateName } from './templates.ts'
