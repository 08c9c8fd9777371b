import { KubernetesError } from '../api/errors.ts'
import type { ClusterClient, Impersonated } from '../api/types.ts'
import { mayI, reviewRight } from './access-review.ts'

/** `constrained`: only for the calls that are granted as `impersonate-on:user-info:VERB` (Kubernetes 1.36). */
export type Impersonation =
  | { readonly kind: 'plain' | 'constrained' }
  | { readonly kind: 'denied'; readonly right: { readonly verb: string; readonly resource: string } }

/** Whether, and how, the bot may act as this person. @param acting the bot's client as that person */
export async function impersonationOf(
  bot: ClusterClient,
  acting: ClusterClient,
  person: Impersonated,
): Promise<Impersonation> {
  try {
    await reviewRight(acting, { verb: 'get', group: '', resource: 'pods', namespace: 'default' })
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.verb !== 'impersonate') throw error
    return { kind: 'denied', right: { verb: error.verb, resource: error.resource } }
  }
  const users = { verb: 'impersonate', group: '', resource: 'users', namespace: '', name: person.user }
  return { kind: (await mayI(bot, users)) ? 'plain' : 'constrained' }
}
