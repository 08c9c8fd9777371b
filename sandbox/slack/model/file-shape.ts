import { compact } from './json.ts'
import type { Json, StoredFile } from './types.ts'
import type { World } from './world.ts'

/** Slack's JSON of a file; text files carry a preview. */
export function fileJson(world: World, file: StoredFile): Json {
  const text = file.content !== undefined && !file.content.includes(0) ? file.content.toString('utf8') : undefined
  return compact({
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    user: file.user,
    mimetype: text === undefined ? 'application/octet-stream' : 'text/plain',
    filetype: text === undefined ? 'binary' : 'text',
    mode: text === undefined ? 'hosted' : 'snippet',
    editable: text !== undefined,
    size: file.length,
    alt_txt: file.altText,
    url_private: `${world.url}/files/${file.id}/${encodeURIComponent(file.name)}`,
    url_private_download: `${world.url}/files/${file.id}/${encodeURIComponent(file.name)}?download=1`,
    permalink: `${world.url}/files/${file.id}/${encodeURIComponent(file.name)}`,
    preview: text?.slice(0, 500),
    lines: text?.split('\n').length,
    channels: file.channels,
  })
}
