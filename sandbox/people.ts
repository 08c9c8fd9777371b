/** The people of the local workspace; their roles stand in the catalog that the sandbox writes. */
export type SandboxPerson = {
  readonly name: string
  readonly realName: string
  readonly slack: string
  readonly email: string
  readonly tz: string
  readonly locale: string
  readonly role: 'approver' | 'operator' | 'viewer'
}

export const people: readonly SandboxPerson[] = [
  {
    name: 'ana',
    realName: 'Ana Ruiz',
    slack: 'U0ANA',
    email: 'ana@porttrack.example',
    tz: 'Europe/Madrid',
    locale: 'es-ES',
    role: 'approver',
  },
  {
    name: 'luis',
    realName: 'Luis Ortega',
    slack: 'U0LUIS',
    email: 'luis@porttrack.example',
    tz: 'America/Bogota',
    locale: 'es-LA',
    role: 'approver',
  },
  {
    name: 'marta',
    realName: 'Marta Vidal',
    slack: 'U0MARTA',
    email: 'marta@porttrack.example',
    tz: 'Europe/London',
    locale: 'en-GB',
    role: 'operator',
  },
  {
    name: 'invitado',
    realName: 'Invitado',
    slack: 'U0INVITADO',
    email: 'invitado@porttrack.example',
    tz: 'Europe/Madrid',
    locale: 'es-ES',
    role: 'viewer',
  },
]

/** The workspace's channels when it is new; the bot is a member of all. */
export const channels = [
  {
    id: 'C0OPS',
    name: 'porttrack-ops',
    topic: 'Operación de PortTrack',
    purpose: 'Releases, incidentes y recuperaciones',
  },
  { id: 'C0DEPLOYS', name: 'deploys', topic: 'Cada release deja aquí una línea', purpose: '' },
  { id: 'C0GENERAL', name: 'general', topic: '', purpose: 'Para todo el mundo' },
] as const
