import { code, type Mrkdwn, mrkdwn } from '../../../texts/escape.ts'
import { type Both, inLanguage, type Look } from '../../../texts/language.ts'

/** Who writes to a cluster, as people call them; the API server records only a manager's name. */
const en = {
  kubectl: (command: Mrkdwn): Mrkdwn => mrkdwn`somebody with ${command}`,
  bot: mrkdwn`another run of this bot`,
  autoscaler: mrkdwn`the autoscaler`,
}
const es: typeof en = {
  kubectl: (command) => mrkdwn`alguien con ${command}`,
  bot: mrkdwn`otra ejecución de este bot`,
  autoscaler: mrkdwn`el autoscaler`,
}
const words: Both<typeof en> = { en, es }

const tools: readonly (readonly [RegExp, string])[] = [
  [/^argocd/, 'Argo CD'],
  [/^(kustomize-controller|helm-controller|flux)/, 'Flux'],
  [/^helm/i, 'Helm'],
  [/^terraform/i, 'Terraform'],
  [/^keda/, 'KEDA'],
  [/^kube-controller-manager/, 'Kubernetes'],
]

/** `kubectl-scale` is `kubectl scale`; only this name says more than the command. */
const applied = 'kubectl-client-side-apply'

/**
 * A manager in people's words: a tool by its name, kubectl by its command, anything else (a person, a pipeline) as it
 * stands. Undefined where the record names nobody.
 */
export function whoIs(manager: string, look: Pick<Look, 'language'>, field = ''): Mrkdwn | undefined {
  const told = inLanguage(words, look)
  if (manager === '' || manager === 'unknown') return undefined
  if (manager === 'rescue') return told.bot
  if (field === 'replicas' && manager === 'kube-controller-manager') return told.autoscaler
  if (manager === 'kubectl' || manager === applied)
    return told.kubectl(code(manager === applied ? 'kubectl apply' : 'kubectl'))
  const verb = /^kubectl-(.+)$/.exec(manager)?.[1]
  if (verb !== undefined) return told.kubectl(code(`kubectl ${verb}`))
  const tool = tools.find(([shape]) => shape.test(manager))?.[1]
  return tool === undefined ? code(manager) : mrkdwn`${tool}`
}
