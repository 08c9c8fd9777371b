import { cutPlain } from './clean.ts'

/** `registry.example/team/app:2.8.0` is `app:2.8.0`; a digest is cut to what people compare. */
export function shortImage(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1)
  return cutPlain(last.replace(/@sha256:([0-9a-f]{12})[0-9a-f]*/, '@$1'), 60)
}
