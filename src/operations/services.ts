import type { Logger } from 'pino'
import type { Catalog, SecretName } from '../catalog/schema.ts'
import type { ClusterClient } from '../services/kubernetes/api/types.ts'
import type { ToolFolders } from '../services/postgres/tools.ts'
import type { Db } from '../store/db.ts'

/** Everything from outside that an operation may use; built once in main.ts, handed down, never imported as a global. */
export type Services = {
  readonly catalog: Catalog
  readonly db: Db
  readonly log: Logger
  /** A folder for what is only needed meanwhile, such as a backup that was fetched. */
  readonly scratch: string
  /** Where pg_dump and pg_restore may be; absent: in the usual folders only. */
  readonly postgresTools?: ToolFolders
  /** The same for mongodump and mongorestore. */
  readonly mongoTools?: ToolFolders
  /** The value of a secret that the catalog names, read at each use. @throws Error that names the variable or file, never the value */
  secret(name: SecretName): Promise<string>
  /**
   * The client of a cluster of the catalog, acting as the bot or, where the catalog says `impersonate`, as that person.
   * @throws Error when the catalog does not name the cluster.
   */
  cluster(name: string, as?: { readonly user: string; readonly groups: readonly string[] }): ClusterClient
}
