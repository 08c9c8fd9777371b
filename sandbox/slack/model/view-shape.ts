import type { Json } from './types.ts'
import type { OpenView } from './views.ts'
import { botId, type World } from './world.ts'

/** The view as `views.*` answers and payloads carry it. */
export function viewJson(world: World, view: OpenView): Json {
  const given = view.content
  return {
    id: view.id,
    team_id: world.team.id,
    type: given['type'],
    blocks: given['blocks'],
    private_metadata: given['private_metadata'] ?? '',
    callback_id: given['callback_id'] ?? '',
    state: { values: view.state },
    hash: view.hash,
    title: given['title'],
    clear_on_close: given['clear_on_close'] ?? false,
    notify_on_close: given['notify_on_close'] ?? false,
    close: given['close'] ?? null,
    submit: given['submit'] ?? null,
    submit_disabled: given['submit_disabled'] ?? false,
    previous_view_id: view.previousId ?? null,
    root_view_id: view.rootId,
    app_id: world.appId,
    external_id: given['external_id'] ?? '',
    app_installed_team_id: world.team.id,
    bot_id: botId,
  }
}
