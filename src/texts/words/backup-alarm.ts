import { type Mrkdwn, mrkdwn } from '../escape.ts'
import type { Both } from '../language.ts'

const en = {
  causes: {
    none: (database: Mrkdwn) => mrkdwn`${database} has no backup that could be restored`,
    too_old: (database: Mrkdwn) => mrkdwn`The newest backup of ${database} is too old`,
    unverified: (database: Mrkdwn) => mrkdwn`No backup of ${database} has been proved for too long`,
    unreadable: (database: Mrkdwn) => mrkdwn`The backups of ${database} cannot be read`,
  },
  none: (n: number) =>
    n === 0
      ? 'Its places are empty.'
      : `${n === 1 ? '1 file lies' : `${n} files lie`} there, and none can be restored.`,
  tooOld: (id: Mrkdwn, age: string, limit: string): Mrkdwn =>
    mrkdwn`${id}: data ${age} old; the catalog allows ${limit}.`,
  unverified: (age: string | undefined, limit: string): string =>
    age === undefined
      ? `None was ever read whole and found good here; the catalog allows ${limit} without.`
      : `The last one was read whole and found good ${age} ago; the catalog allows ${limit}.`,
  unreadable: (places: Mrkdwn): Mrkdwn => mrkdwn`No answer from: ${places}.`,
  means: {
    none: 'If the database were lost now, nothing could bring it back.',
    too_old: 'If the database were lost now, everything written since would be lost with it.',
    unverified: 'Whether any of them could bring the database back is not known.',
    unreadable: 'Whether there is a fresh backup is not known, and none could be restored now.',
  },
  next: {
    none: 'Look at the job that makes the backups, and let it run now.',
    too_old: 'Look at the job that makes the backups, and let it run now.',
    unverified: (command: Mrkdwn): Mrkdwn => mrkdwn`${command} proves the newest one and replaces nothing.`,
    unreadable: 'Look at the mount, or the address and the keys of the bucket in the catalog.',
  },
  once: 'This is said once; the card tells when it is over.',
  over: (since: Mrkdwn, until: Mrkdwn): Mrkdwn => mrkdwn`✓ Over: it held from ${since} to ${until}.`,
  newestCopy: 'latest copy',
}

const es: typeof en = {
  causes: {
    none: (database) => mrkdwn`${database} no tiene ningún backup que se pueda restaurar`,
    too_old: (database) => mrkdwn`El backup más nuevo de ${database} es demasiado viejo`,
    unverified: (database) => mrkdwn`Hace demasiado que no se comprueba ningún backup de ${database}`,
    unreadable: (database) => mrkdwn`No se pueden leer los backups de ${database}`,
  },
  none: (n) =>
    n === 0
      ? 'Sus lugares están vacíos.'
      : `Hay ${n === 1 ? '1 fichero' : `${n} ficheros`}, y ninguno se puede restaurar.`,
  tooOld: (id, age, limit) => mrkdwn`${id}: datos de hace ${age}; el catálogo permite ${limit}.`,
  unverified: (age, limit) =>
    age === undefined
      ? `Aquí nunca se leyó ninguno entero y bueno; el catálogo permite ${limit} sin hacerlo.`
      : `El último se leyó entero y bueno hace ${age}; el catálogo permite ${limit}.`,
  unreadable: (places) => mrkdwn`No responde: ${places}.`,
  means: {
    none: 'Si la base se perdiera ahora, nada podría traerla de vuelta.',
    too_old: 'Si la base se perdiera ahora, se perdería con ella todo lo escrito desde entonces.',
    unverified: 'No se sabe si alguno de ellos podría traer la base de vuelta.',
    unreadable: 'No se sabe si hay un backup reciente, y ahora no se podría restaurar ninguno.',
  },
  next: {
    none: 'Mira el trabajo que hace los backups, y lánzalo ahora.',
    too_old: 'Mira el trabajo que hace los backups, y lánzalo ahora.',
    unverified: (command) => mrkdwn`${command} comprueba el más nuevo y no sustituye nada.`,
    unreadable: 'Mira el montaje, o la dirección y las claves del bucket en el catálogo.',
  },
  once: 'Se dice una vez; la tarjeta dirá cuándo ha acabado.',
  over: (since, until) => mrkdwn`✓ Acabada: duró de las ${since} a las ${until}.`,
  newestCopy: 'ultimo copia',
}

export const backupAlarmWords: Both<typeof en> = { en, es }
