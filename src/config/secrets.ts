import { access, constants, readFile } from 'node:fs/promises'
import type { Catalog, SecretName } from '../catalog/schema.ts'
import type { ConfigFault } from './faults.ts'

/** Every secret that the catalog names must be there at the start, not at 3 a.m. */
export async function checkSecretNames(catalog: Catalog, variables: NodeJS.ProcessEnv): Promise<ConfigFault[]> {
  const faults: ConfigFault[] = []
  for (const [name, database] of Object.entries(catalog.databases)) {
    const field = `databases.${name}.url`
    if ('env' in database.url && !variables[database.url.env])
      faults.push({
        where: 'environment',
        field: database.url.env,
        problem: `is missing; the catalog names it in ${field}`,
      })
    if ('file' in database.url) {
      const file = database.url.file
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
