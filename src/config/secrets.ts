import { access, constants, readFile } from 'node:fs/promises'
import type { Catalog, SecretName } from '../catalog/schema.ts'
import type { ConfigFault } from './faults.ts'

/** Every secret that the catalog names must be there at the start, not at 3 a.m. */
export async function checkSecretNames(catalog: Catalog, variables: NodeJS.ProcessEnv): Promise<ConfigFault[]> {
  const faults: ConfigFault[] = []
  for (const { field, secret } of namedSecrets(catalog)) {
    if ('env' in secret && !variables[secret.env])
      faults.push({
        where: 'environment',
        field: secret.env,
        problem: `is missing; the catalog names it in ${field}`,
      })
    if ('file' in secret) {
      const file = secret.file
      await access(file, constants.R_OK).catch(() =>
        faults.push({ where: 'catalog', field, problem: `the file ${file} cannot be read` }),
      )
    }
  }
  return faults
}

/**
 * The value of a secret, read at the moment of use so that rotation needs no restart.
 * @throws Error that names the variable or file, never the value.
 */
export async function readSecret(secret: SecretName, variables: NodeJS.ProcessEnv): Promise<string> {
  if ('file' in secret) return (await readFile(secret.file, 'utf8')).trim()
  const value = variables[secret.env]
  if (!value) throw new Error(`the environment variable ${secret.env} is empty`)
  return value
}

function namedSecrets(catalog: Catalog): { readonly field: string; readonly secret: SecretName }[] {
  return Object.entries(catalog.databases).flatMap(([name, database]) => [
    { field: `databases.${name}.url`, secret: database.url },
    ...(database.restore.pgbouncer === undefined
      ? []
      : [{ field: `databases.${name}.restore.pgbouncer.url`, secret: database.restore.pgbouncer.url }]),
    ...Object.entries(database.backups?.places ?? {}).flatMap(([place, config]) => {
      if (config.kind !== 's3') return []
      const field = `databases.${name}.backups.places.${place}`
      return [
        { field: `${field}.accessKey`, secret: config.accessKey },
        { field: `${field}.secretKey`, secret: config.secretKey },
      ]
    }),
  ])
}
