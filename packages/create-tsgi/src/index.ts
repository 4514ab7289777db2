export { CreateError } from './create-error.ts'
export { writeProject, type Project } from './project.ts'
export { copyRoom, isRoom, ROOMS, writeRoom, type Room, type RoomName } from './rooms.ts'
export { TEMPLATES, type TemplateName } from './templates.ts'
