import { type Mrkdwn, mrkdwn } from '../escape.ts'
import type { Both } from '../language.ts'

const en = {
  connections: (n: number, most: number) => `${n} of ${most} connections`,
  longest: (time: string) => `longest query ${time}`,
  lag: (time: string) => `replication ${time} behind`,
  backup: (id: Mrkdwn, age: string, good: boolean): Mrkdwn =>
    mrkdwn`Last backup ${id}: data ${age} old, ${good ? 'read whole and good' : 'not read yet'}.`,
  noBackup: mrkdwn`△ There is no backup that could be restored.`,
  noPlaces: mrkdwn`△ The catalog names no place of its backups.`,
  placesAway: mrkdwn`△ The place of its backups cannot be read.`,
  proven: (at: Mrkdwn): Mrkdwn => mrkdwn`A restore of it was last proved at ${at}.`,
  neverProven: mrkdwn`△ No restore of it was ever proved here. /recover db … copy does it and replaces nothing.`,
  kept: (list: Mrkdwn): Mrkdwn => mrkdwn`Kept beside: ${list}.`,
}

const es: typeof en = {
  connections: (n, most) => `${n} de ${most} conexiones`,
  longest: (time) => `consulta más larga ${time}`,
  lag: (time) => `la replicación va ${time} por detrás`,
  backup: (id, age, good) =>
    mrkdwn`Último backup ${id}: datos de hace ${age}, ${good ? 'leído entero y bueno' : 'sin leer todavía'}.`,
  noBackup: mrkdwn`△ No hay ningún backup que se pueda restaurar.`,
  noPlaces: mrkdwn`△ El catálogo no dice dónde están sus backups.`,
  placesAway: mrkdwn`△ No se puede leer el lugar de sus backups.`,
  proven: (at) => mrkdwn`La última restauración comprobada fue a las ${at}.`,
  neverProven: mrkdwn`△ Nunca se comprobó aquí una restauración. /recover db … copia lo hace y no sustituye nada.`,
  kept: (list) => mrkdwn`Guardadas al lado: ${list}.`,
}

export const databaseWords: Both<typeof en> = { en, es }
