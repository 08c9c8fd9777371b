import { useEffect, useState } from 'preact/hooks'
import { get } from '../state/api.ts'

const everyMs = 1000

/** Follows a small JSON document while it is looked at; `undefined` until it has been read once. */
export function useFollowed<T>(
  path: string,
  read: (data: unknown) => T,
): { data: T | undefined; reload: () => Promise<void> } {
  const [data, setData] = useState<T | undefined>(undefined)
  const reload = async () => {
    const answer = await get(path)
    if (answer.ok) setData(read(answer.data))
  }
  useEffect(() => {
    let current = true
    let timer: ReturnType<typeof setTimeout>
    const turn = async () => {
      if (document.visibilityState === 'visible') await reload()
      if (current) timer = setTimeout(turn, everyMs)
    }
    void turn()
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [path])
  return { data, reload }
}
