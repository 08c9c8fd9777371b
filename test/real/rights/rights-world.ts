import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { textAt } from '../../../src/services/kubernetes/api/json.ts'
import type { ClusterClient } from '../../../src/services/kubernetes/api/types.ts'
import { type RollbackWorld, startRollbackWorld } from '../../world/rollback-world.ts'
import { kubectlWith } from '../kubernetes/kubectl.ts'
import { realPlane } from '../kubernetes/plane.ts'
import { asRules, deployFolder, type Triple } from './roles.ts'

const rbac = '/apis/rbac.authorization.k8s.io/v1'

export type RightsWorld = RollbackWorld & {
  /** A kubeconfig of the bot as deploy/ sets it up. */
  readonly bot: string
  /** A kubeconfig of a service account that has just these rights everywhere. */
  account(name: string, granted: readonly Triple[]): Promise<string>
  /** A file of deploy/. */
  kubectlApply(file: string): Promise<void>
  kubectlDelete(file: string): Promise<void>
  /** Writes to the API that somebody did as another, by the server's own audit log. */
  audited(verb: string, resource: string, namespace: string): Promise<readonly Audited[]>
}

/** A real control plane that keeps an audit log, with the bot's account and rights from deploy/. */
export async function startRightsWorld(): Promise<RightsWorld> {
  const plane = await realPlane(auditFlags)
  const world = await startRollbackWorld(async () => plane)
  const kubectl = kubectlWith(plane.kubeconfig)
  const run = async (verb: 'apply' | 'delete', file: string): Promise<void> => {
    const { code, err } = await kubectl([verb, '-f', join(deployFolder, file)])
    if (code !== 0) throw new Error(`kubectl ${verb} -f ${file}: ${err}`)
  }
  const kubectlApply = (file: string): Promise<void> => run('apply', file)
  await kubectlApply('rescue.yaml')
  const kubeconfigOf = async (name: string): Promise<string> => {
    const path = `/api/v1/namespaces/rescue/serviceaccounts/${name}/token`
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } }
    return plane.kubeconfigWith(name, textAt(await world.client.post(path, body), 'status', 'token') ?? '')
  }
  return {
    ...world,
    bot: await kubeconfigOf('rescue'),
    kubectlApply,
    kubectlDelete: (file) => run('delete', file),
    account: async (name, granted) => {
      const metadata = { name }
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata }
      await world.client.post('/api/v1/namespaces/rescue/serviceaccounts', account)
      await grant(world.client, name, granted)
      return kubeconfigOf(name)
    },
    audited: async (verb, resource, namespace) => {
      const text = await readFile(join(plane.folder, 'audit.log'), 'utf8')
      const lines = text.split('\n').filter((line) => line !== '')
      return lines
        .map((line) => auditLine.parse(JSON.parse(line)))
        .filter(
          (one) => one.verb === verb && one.objectRef?.resource === resource && one.objectRef.namespace === namespace,
        )
    },
  }
}

async function grant(client: ClusterClient, name: string, granted: readonly Triple[]): Promise<void> {
  const common = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name } }
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name }
  const subjects = [{ kind: 'ServiceAccount', name, namespace: 'rescue' }]
  await client.post(`${rbac}/clusterroles`, { ...common, kind: 'ClusterRole', rules: asRules(granted) })
  await client.post(`${rbac}/clusterrolebindings`, { ...common, kind: 'ClusterRoleBinding', roleRef, subjects })
}

const auditLine = z.object({
  verb: z.string(),
  user: z.object({ username: z.string() }),
  impersonatedUser: z.object({ username: z.string(), groups: z.array(z.string()) }).optional(),
  objectRef: z
    .object({ resource: z.string(), namespace: z.string().optional(), name: z.string().optional() })
    .optional(),
  responseStatus: z.object({ code: z.number() }).optional(),
})
export type Audited = z.infer<typeof auditLine>

/** Who wrote or read what, without the bodies. */
async function auditFlags(folder: string): Promise<readonly string[]> {
  const policy = join(folder, 'audit-policy.yaml')
  const resources = [
    { group: 'apps', resources: ['deployments', 'statefulsets', 'daemonsets'] },
    { group: '', resources: ['pods'] },
  ]
  const rules = [{ level: 'Metadata', omitStages: ['RequestReceived'], resources }, { level: 'None' }]
  await writeFile(policy, JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules }))
  return [`--audit-policy-file=${policy}`, `--audit-log-path=${join(folder, 'audit.log')}`]
}
