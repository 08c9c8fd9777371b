import { type Mrkdwn, mrkdwn } from '../escape.ts'
import type { Both } from '../language.ts'
import type { UnknownWhy } from '../views.ts'

const why = {
  no_answer: 'no answer in time',
  not_allowed: 'my account may not ask',
  not_told: 'this server does not tell',
  away: 'does not answer',
  unreadable: 'the answer could not be read',
} satisfies Record<UnknownWhy, string>

const en = {
  size: {
    postgres: (size: string, n: number) => `${size} in ${n === 1 ? '1 table' : `${n} tables`}`,
    mongodb: (size: string, n: number) => `${size} in ${n === 1 ? '1 collection' : `${n} collections`}`,
  },
  connections: (n: number, most: number | undefined) =>
    most === undefined ? `${n} connections` : `${n} of ${most} connections`,
  longest: (time: string | undefined) => (time === undefined ? 'no query is running' : `longest query ${time}`),
  lag: (time: string | undefined) => (time === undefined ? 'no replica' : `replica ${time} behind`),
  disk: (free: string, total: string) => `${free} of ${total} free on its disk`,
  parts: {
    size: 'size',
    connections: 'connections',
    longestSeconds: 'longest query',
    lagSeconds: 'replication',
    disk: 'free disk',
    kept: 'what is kept beside',
  },
  why,
  unknown: (list: string): string => `Not known: ${list}.`,
  backup: (id: Mrkdwn, age: string): Mrkdwn => mrkdwn`Last backup ${id}: data ${age} old`,
  verified: (age: string) => `read whole and found good ${age} ago`,
  notVerified: '△ nobody has read it whole yet',
  noBackup: '△ There is no backup that could be restored.',
  noPlaces: '△ The catalog names no place of its backups.',
  placesUnknown: (reason: string) => `△ Its backups cannot be looked at: ${reason}.`,
  proven: (at: Mrkdwn, run: Mrkdwn): Mrkdwn => mrkdwn`A restore of it was last proved at ${at} (${run}).`,
  neverProven: (command: Mrkdwn): Mrkdwn =>
    mrkdwn`△ No restore of it was ever proved here: ${command} does it and replaces nothing.`,
  provenUnknown: (reason: string) => `Whether a restore was ever proved is not known: ${reason}.`,
  kept: (list: Mrkdwn): Mrkdwn => mrkdwn`Kept beside, for the way back: ${list}.`,
  collections: (n: number) => (n === 1 ? '1 collection' : `${n} collections`),
  newestCopy: 'latest copy',
}

const es: typeof en = {
  size: {
    postgres: (size, n) => `${size} en ${n === 1 ? '1 tabla' : `${n} tablas`}`,
    mongodb: (size, n) => `${size} en ${n === 1 ? '1 colección' : `${n} colecciones`}`,
  },
  connections: (n, most) => (most === undefined ? `${n} conexiones` : `${n} de ${most} conexiones`),
  longest: (time) => (time === undefined ? 'ninguna consulta en marcha' : `consulta más larga ${time}`),
  lag: (time) => (time === undefined ? 'sin réplica' : `la réplica va ${time} por detrás`),
  disk: (free, total) => `${free} de ${total} libres en su disco`,
  parts: {
    size: 'el tamaño',
    connections: 'las conexiones',
    longestSeconds: 'la consulta más larga',
    lagSeconds: 'la replicación',
    disk: 'el disco libre',
    kept: 'lo guardado al lado',
  },
  why: {
    no_answer: 'no respondió a tiempo',
    not_allowed: 'mi cuenta no puede preguntarlo',
    not_told: 'este servidor no lo dice',
    away: 'no responde',
    unreadable: 'no se pudo leer la respuesta',
  },
  unknown: (list) => `Sin datos: ${list}.`,
  backup: (id, age) => mrkdwn`Último backup ${id}: datos de hace ${age}`,
  verified: (age) => `leído entero y bueno hace ${age}`,
  notVerified: '△ nadie lo ha leído entero todavía',
  noBackup: '△ No hay ningún backup que se pueda restaurar.',
  noPlaces: '△ El catálogo no dice dónde están sus backups.',
  placesUnknown: (reason) => `△ No se pueden mirar sus backups: ${reason}.`,
  proven: (at, run) => mrkdwn`La última restauración comprobada fue a las ${at} (${run}).`,
  neverProven: (command) => mrkdwn`△ Nunca se comprobó aquí una restauración: ${command} lo hace y no sustituye nada.`,
  provenUnknown: (reason) => `No se sabe si alguna restauración se comprobó: ${reason}.`,
  kept: (list) => mrkdwn`Guardado al lado, para poder volver: ${list}.`,
  collections: (n) => (n === 1 ? '1 colección' : `${n} colecciones`),
  newestCopy: 'ultimo copia',
}

export const databaseWords: Both<typeof en> = { en, es }
