import { readFile, stat } from 'node:fs/promises'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const require = createRequire(import.meta.url)

/** The browser's names of the libraries, and the files of node_modules that they stand for. */
const libraries = {
  preact: ['preact', 'dist/preact.mjs'],
  'preact/hooks': ['preact', 'hooks/dist/hooks.mjs'],
  '@preact/signals': ['@preact/signals', 'dist/signals.mjs'],
  '@preact/signals-core': ['@preact/signals-core', 'dist/signals-core.mjs'],
  htm: ['htm', 'dist/htm.mjs'],
} as const satisfies Record<string, readonly [string, string]>

const urlOf = (name: string) => `/lib/${name.replace('@', '').replaceAll('/', '-')}.js`

export const importMap = JSON.stringify({
  imports: Object.fromEntries(Object.keys(libraries).map((name) => [name, urlOf(name)])),
})

export type Asset = { readonly type: string; readonly body: string }

const stripped = new Map<string, { readonly changed: number; readonly body: string }>()

/** @returns the file that a path of the page names, ready for the browser; undefined when there is none. */
export async function asset(path: string): Promise<Asset | undefined> {
  const library: readonly [string, string] | undefined = Object.entries(libraries).find(
    ([name]) => urlOf(name) === path,
  )?.[1]
  if (library) return { type: 'text/javascript', body: await readFile(libraryFile(...library), 'utf8') }
  if (/^\/client\/[a-z/-]+\.ts$/.test(path)) return clientModule(join(here, path))
  if (/^\/styles\/[a-z-]+\.css$/.test(path)) {
    const body = await readFile(join(here, path), 'utf8').catch(absent)
    return body === undefined ? undefined : { type: 'text/css', body }
  }
  return undefined
}

/** TypeScript without its types, kept until the file changes. */
async function clientModule(file: string): Promise<Asset | undefined> {
  const changed = await stat(file).then((found) => found.mtimeMs, absent)
  if (changed === undefined) return undefined
  const kept = stripped.get(file)
  if (kept?.changed === changed) return { type: 'text/javascript', body: kept.body }
  const body = stripTypeScriptTypes(await readFile(file, 'utf8'))
  stripped.set(file, { changed, body })
  return { type: 'text/javascript', body }
}

/** Some packages do not export their package.json, so the folder is found by its name in the path of their entry. */
function libraryFile(name: string, path: string): string {
  const entry = require.resolve(name)
  return join(entry.slice(0, entry.lastIndexOf(join('node_modules', name))), 'node_modules', name, path)
}

const absent = (): undefined => undefined
