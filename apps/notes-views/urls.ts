import { include, path } from '@tsgi/framework-views'
import { NoteCreate, NoteDelete, NoteDetail, NoteEdit, icon, noteList } from './views.ts'

const notePatterns = [
  path('new/', NoteCreate.asView(), 'new'),
  path('<int:id>/', NoteDetail.asView(), 'detail'),
  path('<int:id>/edit/', NoteEdit.asView(), 'edit'),
  path('<int:id>/delete/', NoteDelete.asView(), 'delete'),
]

export const urlpatterns = [
  path('', noteList, 'list'),
  path('favicon.ico', icon, 'icon'),
  include('notes/', notePatterns, 'notes'),
]

declare module '@tsgi/framework-views' {
  interface Register {
    urlpatterns: typeof urlpatterns
  }
}
