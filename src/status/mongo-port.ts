import { resolveSrv } from 'node:dns/promises'
import { connect } from 'node:net'
import { hostsIn } from '../services/mongodb/address.ts'
import { codeOf } from '../services/postgres/errors.ts'

type Host = { readonly host: string; readonly port: number }

const usualPort = 27_017

/**
 * Opens the port of a MongoDB server, of any of them where there are several: a look at everything does without the driver.
 * @returns undefined when one answers, else the code of the last failure
 */
export async function openPort(url: string, signal: AbortSignal): Promise<string | undefined> {
  let hosts: readonly Host[]
  try {
    hosts = await hostsOf(url)
  } catch (error) {
    return codeOf(error) || 'the address cannot be read'
  }
  const failures = await Promise.all(hosts.map((host) => opened(host, signal)))
  return failures.includes(undefined) ? undefined : (failures[0] ?? 'no answer')
}

/** `mongodb+srv://` names a domain whose SRV records name the servers: MongoDB's "Connection Strings". */
async function hostsOf(url: string): Promise<readonly Host[]> {
  const hosts = hostsIn(url)
  if (url.startsWith('mongodb+srv://'))
    return (await resolveSrv(`_mongodb._tcp.${hosts}`)).map(({ name, port }) => ({ host: name, port }))
  return hosts.split(',').map((text) => {
    const [, host = text, port] = /^(.*?)(?::(\d+))?$/.exec(text) ?? []
    return { host: host.replace(/^\[|\]$/g, ''), port: Number(port ?? usualPort) }
  })
}

function opened({ host, port }: Host, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal })
    const done = (problem: string | undefined) => {
      socket.destroy()
      resolve(problem)
    }
    socket.once('connect', () => done(undefined)).once('error', (error) => done(codeOf(error) || 'no answer'))
  })
}
