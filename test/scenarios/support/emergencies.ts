import { connectApi } from '../../../sandbox/kubelet/api.ts'
import { ops, type Person, textOf, until, type View } from './person.ts'
import { shopPath } from './shop.ts'
import type { World } from './world.ts'

/** Somebody stops a rollout on the way. */
export async function pauseRollout(world: World, app: string): Promise<void> {
  const api = connectApi(world.sandbox.facts.kubeconfig, 'kubectl-rollout')
  await api.write({ method: 'PATCH', patch: 'merge', path: shopPath(app), body: { spec: { paused: true } } })
  await api.close()
}

/** Whether its rollout is stopped now. */
export async function isPaused(world: World, app: string): Promise<boolean> {
  const api = connectApi(world.sandbox.facts.kubeconfig, 'looker')
  const now = JSON.parse(JSON.stringify(await api.client.get(shopPath(app))))
  await api.close()
  return now.spec.paused === true
}

/** The form with this title, once it is open. */
export const formOf = (who: Person, title: RegExp): Promise<View> =>
  until(`the form ${title}`, async () => {
    const view = await who.view()
    return view !== null && title.test(view.title.text) ? view : undefined
  })

/** The next private answer in the operations channel. */
export async function privately(who: Person, act: () => Promise<unknown>): Promise<string> {
  const before = new Set((await who.messages(ops)).map(({ ts }) => ts))
  await act()
  const told = await until('a private answer', async () =>
    (await who.messages(ops)).find((message) => message.is_ephemeral === true && !before.has(message.ts)),
  )
  return textOf(told)
}
