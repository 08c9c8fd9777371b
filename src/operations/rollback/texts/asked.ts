import { z } from 'zod'
import { shortImage } from '../../../texts/image.ts'

const schema = z.object({ was: z.object({ revision: z.number(), images: z.array(z.string()).catch([]) }) })

/** "42 (app:2.8.0)": what a request by a ReplicaSet's name means to people; undefined for a request that has no such name. */
export function askedFor(params: unknown): string | undefined {
  const was = schema.safeParse(params).data?.was
  if (was === undefined) return undefined
  const images = was.images.slice(0, 2).map(shortImage).join(', ')
  return images === '' ? String(was.revision) : `${was.revision} (${images})`
}
