import type { Both } from '../language.ts'

const en = {
  title: 'Restore a database',
  submit: 'Prepare it',
  database: 'Database',
  choose: 'Choose a database to see its backups.',
  loading: 'Looking at the backups…',
  problem: 'The backups cannot be looked at.',
  none: 'There is no backup that could be restored.',
  unfit: (n: number) =>
    n === 1 ? '1 more file there cannot be restored.' : `${n} more files there cannot be restored.`,
  point: 'Restore point',
  pointHint: 'It is read whole and restored beside first: nothing in use changes before a second person approves.',
  old: (age: string) => `${age} old`,
  verified: 'read whole and good',
  notVerified: 'not read yet',
  noChecksum: 'no .sha256',
  scope: 'What for',
  whole: 'Replace the database',
  wholeMore: 'The one in use stays beside, for the way back.',
  copy: 'Only a copy to look at',
  copyMore: 'Nothing is replaced.',
  apps: 'The apps that use it',
  keep: 'Keep them running',
  keepMore: 'Their sessions end once; they reconnect.',
  scale: 'Scale them to 0 meanwhile',
  scaleMore: 'And back to the replicas they had.',
}

const es: typeof en = {
  title: 'Restaurar una base',
  submit: 'Prepararlo',
  database: 'Base de datos',
  choose: 'Elige una base para ver sus backups.',
  loading: 'Mirando los backups…',
  problem: 'No se pueden mirar los backups.',
  none: 'No hay ningún backup que se pueda restaurar.',
  unfit: (n) =>
    n === 1 ? 'Hay 1 fichero más que no se puede restaurar.' : `Hay ${n} ficheros más que no se pueden restaurar.`,
  point: 'Backup',
  pointHint: 'Primero se lee entero y se restaura al lado: no cambia nada en uso hasta que otra persona lo apruebe.',
  old: (age) => `Hace ${age}`,
  verified: 'leído entero y bueno',
  notVerified: 'sin leer todavía',
  noChecksum: 'sin .sha256',
  scope: 'Para qué',
  whole: 'Sustituir la base',
  wholeMore: 'La que está en uso se queda al lado, para poder volver.',
  copy: 'Solo una copia para mirarla',
  copyMore: 'No se sustituye nada.',
  apps: 'Las apps que la usan',
  keep: 'Que sigan en marcha',
  keepMore: 'Sus sesiones se cierran una vez; se reconectan.',
  scale: 'Escalarlas a 0 mientras tanto',
  scaleMore: 'Y de vuelta a las réplicas que tenían.',
}

export const recoverModalWords: Both<typeof en> = { en, es }
