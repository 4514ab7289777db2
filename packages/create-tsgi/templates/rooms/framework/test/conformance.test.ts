import { exerciseApplication } from '@tsgi/conformance/exercise-application'
import { describeFramework } from '@tsgi/conformance/node-test'
import { serverModule } from '@tsgi/server-event-loop'
import exercises from '../src/exercises.ts'

describeFramework({
  name: 'NAME',
  server: serverModule,
  app: (folder) => exerciseApplication(exercises, { name: 'NAME', folder }),
  // What the framework cannot do by design: ids, each with the reason.
  cannot: {},
})
