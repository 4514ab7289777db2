import { mini } from '@tsgi/framework-mini'

const app = mini()

app.get('/', () => 'Hello, World!')

export default app
