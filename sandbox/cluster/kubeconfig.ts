import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'

export type KubeconfigParts = {
  readonly server: string
  readonly ca: string
  readonly user: string
  readonly token: string
}

/** Writes a kubeconfig that only its owner can read; its one context is called `sandbox`. */
export async function writeKubeconfig(path: string, { server, ca, user, token }: KubeconfigParts): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'sandbox',
    clusters: [
      { name: 'sandbox', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user } }],
  }
  await writeFile(path, stringify(config), { mode: 0o600 })
}
