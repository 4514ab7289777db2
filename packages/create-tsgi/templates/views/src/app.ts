import { application, path, render, type HttpRequest } from '@tsgi/framework-views'

function home(request: HttpRequest) {
  return render(request, 'home', { text: 'Hello from TSGI!' })
}

function hello(request: HttpRequest, { name }: { readonly name: string }) {
  return render(request, 'home', { text: `Hello, ${name}!` })
}

export default application({
  urlpatterns: [path('', home, 'home'), path('hello/<str:name>/', hello, 'hello')],
  templates: { folder: new URL('templates/', import.meta.url) },
  // For sessions and forms: SECRET_KEY=… in the environment, and SessionMiddleware and CsrfMiddleware in `middleware`.
  secretKey: process.env['SECRET_KEY'],
})
