import type { ModalView } from '@slack/types'
import type { Surface } from '../surface/types.ts'

/** Slack's words for a view that the person closed meanwhile: nobody is left to show it to. */
const gone = ['not_found', 'view_not_found', 'hash_conflict']

/** Replaces an open view. A view that was closed meanwhile is no error. */
export async function updateView(surface: Surface, id: string, view: ModalView): Promise<void> {
  try {
    await surface.web.views.update({ view_id: id, view })
  } catch (error) {
    const word = error instanceof Error && 'data' in error ? (error.data as { error?: string }).error : undefined
    if (word === undefined || !gone.includes(word)) throw error
  }
}
