import { createHash } from 'node:crypto'
import { importMap } from './modules.ts'

/** In the order of the cascade; what narrow screens change comes last. */
const styles = [
  'tokens',
  'base',
  'layout',
  'bar',
  'sidebar',
  'avatars',
  'messages',
  'message-parts',
  'dividers',
  'files',
  'format',
  'blocks',
  'plans',
  'buttons',
  'popovers',
  'selects',
  'inputs',
  'dialogs',
  'composer',
  'panel',
  'cluster',
  'paging',
  'narrow',
  'motion',
]

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%230f6b5c'/%3E%3Cpath d='M11.5 5.2A4.2 4.2 0 1 0 12.2 8' fill='none' stroke='white' stroke-width='1.6' stroke-linecap='round'/%3E%3Cpath d='M12 2.6v3h-3' fill='none' stroke='white' stroke-width='1.6' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E"

const attribute = (value: unknown) =>
  (typeof value === 'string' ? value : JSON.stringify(value))
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')

/** The one HTML document of the page; all else is drawn by its modules, which read the two `meta` of ours. */
export const pageDocument = (workspace: string, roles: Readonly<Record<string, string>>): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<meta name="workspace" content="${attribute(workspace)}">
<meta name="roles" content="${attribute(roles)}">
<title>${attribute(workspace)}</title>
<link rel="icon" href="${icon}">
${styles.map((name) => `<link rel="stylesheet" href="/styles/${name}.css">`).join('\n')}
<script type="importmap">${importMap}</script>
<script type="module" src="/client/main.ts"></script>
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript. · Esta página necesita JavaScript.</noscript>
</body>
</html>
`

const importMapHash = createHash('sha256').update(importMap).digest('base64')

/** Scripts and styles of this page's own files only; images may come from elsewhere, as messages show them. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${importMapHash}'`,
  "style-src 'self'",
  "img-src 'self' data: https:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')
