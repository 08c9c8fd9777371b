import { Blocks } from '../blocks/block.ts'
import { Mrkdwn } from '../format/mrkdwn-view.ts'
import { linkTo } from '../format/parts.ts'
import { type Drawn, html } from '../lib/html.ts'
import { Icon } from '../lib/icons.ts'
import { words } from '../state/session.ts'
import type { Host } from '../state/values.ts'
import type { Message, SharedFile } from '../types.ts'

const colours: Readonly<Record<string, string>> = { good: '#2f7d4f', warning: '#b7791f', danger: '#c0392b' }

/** The older kind of addition to a message, with a bar of its colour. */
export function Attachments({
  host,
  attachments,
}: {
  host: Host
  attachments: NonNullable<Message['attachments']>
}): Drawn {
  return attachments.map((one) => {
    const colour =
      colours[one.color ?? ''] ??
      (/^#?[0-9a-f]{6}$/i.test(one.color ?? '') ? `#${one.color?.replace('#', '')}` : 'var(--line-strong)')
    return html`<div class="attachment" style=${{ borderLeftColor: colour }}>
      ${one.title && html`<p class="attachment-title">${one.title_link ? linkTo(one.title_link, one.title) : one.title}</p>`}
      ${one.blocks ? html`<${Blocks} host=${host} blocks=${one.blocks} />` : html`<${Mrkdwn} text=${one.text ?? one.fallback ?? ''} />`}
    </div>`
  })
}

/** Only files of this workspace are fetched. */
const own = (url: string | undefined): string | undefined => {
  const path = url && URL.canParse(url, location.origin) ? new URL(url, location.origin) : undefined
  return path && /^(127\.0\.0\.1|localhost)$/.test(path.hostname) ? path.pathname + path.search : undefined
}

export function Files({ files }: { files: readonly SharedFile[] }): Drawn {
  if (files.length === 0) return null
  return html`<div class="files">${files.map((file) => html`<${FileCard} key=${file.id} file=${file} />`)}</div>`
}

function FileCard({ file }: { file: SharedFile }): Drawn {
  const url = own(file.url_private)
  const name = file.title || file.name || file.id
  if (url && file.mimetype?.startsWith('image/'))
    return html`<a class="file-image" href=${url} target="_blank" rel="noopener"><img src=${url} alt=${name} loading="lazy" /></a>`
  return html`<div class="file"><div class="file-head"><span class="file-icon"><${Icon} name="file" /></span>
      <span class="file-words"><span class="file-name">${url ? html`<a href=${url} target="_blank" rel="noopener">${name}</a>` : name}</span><span class="file-size">${size(file.size ?? 0)}</span></span></div>
    ${file.preview && html`<pre class="fence file-preview" tabindex="0" aria-label=${`${words.value.file} ${name}`}><code>${file.preview}</code></pre>`}
  </div>`
}

const size = (bytes: number) =>
  bytes < 1024
    ? `${bytes} B`
    : bytes < 1_048_576
      ? `${Math.round(bytes / 1024)} kB`
      : `${(bytes / 1_048_576).toFixed(1)} MB`
