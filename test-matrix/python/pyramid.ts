import { exercises } from './exercises.ts'

export default exercises('pyramid_exercises:application', 'pyramid', 'pyramid')
