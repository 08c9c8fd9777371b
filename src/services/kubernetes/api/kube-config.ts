import { registerHooks } from 'node:module'

/**
 * client-node's KubeConfig without the API classes that are generated beside it: this bot speaks raw JSON, and they cost
 * 45 MB of memory and most of a second at every start. If a version of client-node moves them, they are simply loaded.
 */
async function loadKubeConfig() {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier.endsWith('/gen/index.js') && context.parentURL?.includes('/@kubernetes/client-node/') === true
        ? { url: withoutApi, format: 'module', shortCircuit: true }
        : next(specifier, context),
  })
  try {
    return await import('@kubernetes/client-node/dist/config.js')
  } finally {
    hooks.deregister()
  }
}

const withoutApi = `data:text/javascript,${encodeURIComponent(`
  export class ServerConfiguration {}
  export function createConfiguration() { throw new Error('the generated API of client-node is not loaded') }
`)}`

export const { KubeConfig } = await loadKubeConfig()
