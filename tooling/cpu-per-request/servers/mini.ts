import { mini } from '@tsgi/framework-mini'

const app = mini()

app.get('/', () => 'Hello, World!')
app.get('/json', () => ({ message: 'Hello, World!' }))

export default app
