import { execFile } from 'node:child_process'
import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder, type Program, programs, version } from './programs.ts'

const run = promisify(execFile)

const packages: Record<Program, string> = {
  etcd: 'go.etcd.io/etcd/server/v3',
  'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
  'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
  kubectl: 'k8s.io/kubernetes/cmd/kubectl',
}

/** Without these a client cannot parse the version that the server tells. */
function linkerFlags(): string {
  const [major, minor] = version.slice(1).split('.')
  return ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version']
    .flatMap((where) => [
      `-X ${where}.gitVersion=${version}`,
      `-X ${where}.gitMajor=${major}`,
      `-X ${where}.gitMinor=${minor}`,
    ])
    .join(' ')
}

/**
 * Builds what is missing of a real control plane and kubectl from Go modules into the cache folder (about 5 minutes the first time).
 * @throws Error when Go is missing or a build fails; its message is Go's own.
 */
async function build(): Promise<void> {
  await mkdir(cacheFolder, { recursive: true })
  for (const program of programs) {
    const target = join(cacheFolder, program)
    const present = await access(target).then(
      () => true,
      () => false,
    )
    process.stdout.write(`${program}: ${present ? 'there' : 'building'}\n`)
    if (present) continue
    await run('go', ['build', '-trimpath', '-ldflags', linkerFlags(), '-o', target, packages[program]], {
      cwd: import.meta.dirname,
      maxBuffer: 16 * 1024 * 1024,
    })
  }
}

await build()
