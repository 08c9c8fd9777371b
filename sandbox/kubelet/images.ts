import { createHash } from 'node:crypto'

export type Image = { readonly name: string; readonly tag: string }

/** The grammar of an image reference, as far as people write it: host/path:tag@digest, lower case. */
const reference =
  /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::([\w][\w.-]{0,127}))?(?:@sha256:[0-9a-f]{64})?$/

/** undefined where no runtime could parse it. */
export function parseImage(text: string): Image | undefined {
  const match = reference.exec(text)
  return match === null ? undefined : { name: text, tag: match[1] ?? 'latest' }
}

/** A stable digest for a name, so that equal images are equal on every node. */
export function digestOf(image: string): string {
  return `sha256:${createHash('sha256').update(image).digest('hex')}`
}

/** The part of the name that people say: `registry.example/porttrack/app:2.7.3` -> `app`. */
export function shortName(image: string): string {
  return (
    (image.split('@')[0] ?? image)
      .replace(/:[^/:]*$/, '')
      .split('/')
      .at(-1) ?? image
  )
}

/** What containerd says about an image that its registry does not have. */
export function notFoundMessage(image: string): string {
  const full = image.includes('/') ? image : `docker.io/library/${image}`
  return `rpc error: code = NotFound desc = failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${full}: not found`
}

export function invalidMessage(image: string): string {
  return `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`
}
